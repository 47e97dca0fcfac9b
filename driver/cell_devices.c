// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hands PCI functions over: away from the driver that has one, and to a stub that does nothing, so
 * that nobody in Linux looks at what reads as all ones while a cell has it. The function stays in
 * Linux's tree. Its state is kept and put back, since a reset on the way loses some of it.
 */
#define pr_fmt(format) KBUILD_MODNAME ": " format

#include "cell_devices.h"

#include <linux/device.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "kernel.h"
#include "model/refuse.h"

#define STUB_NAME "bulkhead"

/* The function that the stub is to have next; with enable_mutex held. */
static struct pci_dev *wanted;

static int stub_probe(struct pci_dev *pci, const struct pci_device_id *id)
{
	int error;

	if (pci != wanted)
		return -ENODEV;
	/* A driver may have left it without power: nobody could look at it then. */
	error = pci_set_power_state(pci, PCI_D0);
	if (error)
		return error;
	pci_clear_master(pci);
	return pci_save_state(pci);
}

static void stub_remove(struct pci_dev *pci)
{
	pci_restore_state(pci);
}

/* It has no identities: nothing comes to it but by its name. */
static struct pci_driver stub = {
	.name = STUB_NAME,
	.probe = stub_probe,
	.remove = stub_remove,
	/* Who unbinds it by hand would have Linux reach for a cell's device. */
	.driver = { .suppress_bind_attrs = true },
};

int cell_devices_open(void)
{
	return pci_register_driver(&stub);
}

void cell_devices_close(void)
{
	pci_unregister_driver(&stub);
}

/* What is to be put back: which driver has it, and whether somebody had chosen that. */
static int remember(struct cell_device *device)
{
	struct device *dev = &device->pci->dev;

	device_lock(dev);
	device->driver[0] = '\0';
	device->vendor = device->pci->vendor;
	device->model = device->pci->device;
	device->lost = NULL;
	if (dev->driver)
		strscpy(device->driver, dev->driver->name, sizeof(device->driver));
	device_unlock(dev);
	return kernel_get_override(device->pci, &device->override);
}

static bool has_driver(struct pci_dev *pci, const char *name)
{
	bool has;

	device_lock(&pci->dev);
	has = pci->dev.driver && strcmp(pci->dev.driver->name, name) == 0;
	device_unlock(&pci->dev);
	return has;
}

/* It waits until the programs that have the device end: nobody could manage anything meanwhile. */
static bool waits_for_programs(const struct cell_device *device)
{
	return strcmp(device->driver, "vfio-pci") == 0;
}

static bool may_be_unbound(const struct cell_device *device, struct bh_refusal *refusal)
{
	struct pci_dev *pci = device->pci;
	bool bound_for_good;

	if (pci_num_vf(pci) > 0)
		return refuse(refusal, "device %s has virtual functions: take these away first",
			      pci_name(pci));
	device_lock(&pci->dev);
	bound_for_good = pci->dev.driver && pci->dev.driver->suppress_bind_attrs;
	device_unlock(&pci->dev);
	if (bound_for_good)
		return refuse(refusal, "device %s: its driver %s does not let go of it",
			      pci_name(pci), device->driver);
	return !waits_for_programs(device) ||
	       refuse(refusal, "device %s: unbind its driver %s first, which may wait for programs",
		      pci_name(pci), device->driver);
}

static struct pci_dev *look_up(uint32_t address)
{
	return pci_get_domain_bus_and_slot(BH_PCI_DOMAIN(address), BH_PCI_BUS(address),
					   address & 0xff);
}

/* By an override with its name, for another may take the function as well: the stub takes none. */
static int reserve_for_driver(const struct cell_device *device)
{
	return kernel_set_override(device->pci, device->driver[0] ? device->driver : STUB_NAME);
}

/*
 * Where its base addresses are they stay: the hypervisor lets root write no others, so Linux does
 * not get to choose one.
 */
static bool claim_addresses(struct pci_dev *pci)
{
	bool all = true;
	int i;

	for (i = 0; i < PCI_ROM_RESOURCE; i++) {
		if (!pci_resource_len(pci, i) || pci->resource[i].parent ||
		    pci_claim_resource(pci, i) == 0)
			continue;
		pci->resource[i].flags = 0;
		all = false;
	}
	return all;
}

static struct pci_bus *bus_of(const struct cell_device *device)
{
	return pci_find_bus(BH_PCI_DOMAIN(device->address), BH_PCI_BUS(device->address));
}

/* Why what Linux finds in the place of one that was removed cannot be that; null: it is. */
static const char *why_lost(const struct cell_device *device)
{
	if (!device->pci)
		return "Linux finds none there";
	if (device->pci->vendor != device->vendor || device->pci->device != device->model)
		return "another is there now";
	return claim_addresses(device->pci) ? NULL : "its addresses are not free any more";
}

/* What is lost is for the stub, which takes none: for nobody. */
static void look_again(struct cell_device *device)
{
	struct pci_bus *bus = bus_of(device);

	pci_dev_put(device->pci);
	if (bus)
		pci_scan_child_bus(bus);
	device->pci = look_up(device->address);
	device->lost = why_lost(device);
	if (!device->lost)
		reserve_for_driver(device);
	else if (device->pci)
		kernel_set_override(device->pci, STUB_NAME);
}

/*
 * Somebody may have removed some from Linux's tree, perhaps with the bus that they were on: they
 * come back as new ones, or not at all. This is pci_rescan_bus(), but with a look at all of them
 * before Linux has addresses and drivers for any.
 */
static void find_again(struct cell_devices *devices)
{
	bool removed[BH_MAX_DEVICES] = { false };
	uint32_t i;

	pci_lock_rescan_remove();
	for (i = 0; i < devices->count; i++)
		removed[i] = !device_is_registered(&devices->list[i].pci->dev);
	for (i = 0; i < devices->count; i++)
		if (removed[i])
			look_again(&devices->list[i]);
	for (i = 0; i < devices->count; i++) {
		struct pci_bus *bus = removed[i] ? bus_of(&devices->list[i]) : NULL;

		if (!bus)
			continue;
		pci_assign_unassigned_bus_resources(bus);
		pci_bus_add_devices(bus);
	}
	pci_unlock_rescan_remove();
}

/* Where its driver was unloaded meanwhile Linux may choose another. */
static bool refuse_driver(const struct cell_device *device, struct bh_refusal *refusal)
{
	struct pci_dev *pci = device->pci;
	bool found;

	if (driver_find(device->driver, pci->dev.bus))
		return refuse(refusal, "driver %s does not take device %s back: see Linux's log",
			      device->driver, pci_name(pci));
	found = device_attach(&pci->dev) > 0;
	return refuse(refusal, "driver %s, which had device %s, is gone: %s", device->driver,
		      pci_name(pci), found ? "another has it now" : "none has it now");
}

static bool give_to_driver(struct cell_device *device, struct bh_refusal *refusal)
{
	struct pci_dev *pci = device->pci;
	bool back = true;
	int error;

	if (device->driver[0]) {
		reserve_for_driver(device);
		back = device_attach(&pci->dev) > 0 && has_driver(pci, device->driver);
	}
	error = kernel_set_override(pci, device->override);
	if (error)
		return refuse(refusal, "the driver_override of device %s cannot be put back "
			      "(error %d)", pci_name(pci), -error);
	return back || refuse_driver(device, refusal);
}

static bool refuse_lost(const struct cell_device *device, struct bh_refusal *refusal)
{
	uint32_t address = device->address;

	return refuse(refusal, "device %04x:%02x:%02x.%u was removed, and %s",
		      BH_PCI_DOMAIN(address), BH_PCI_BUS(address), BH_PCI_DEVICE(address),
		      BH_PCI_FUNCTION(address), device->lost);
}

static bool give_back(struct cell_device *device, struct bh_refusal *refusal)
{
	bool back = device->lost ? refuse_lost(device, refusal) : give_to_driver(device, refusal);

	if (!back)
		pr_err("%s\n", refusal->text);
	kfree(device->override);
	pci_dev_put(device->pci);
	return back;
}

bool cell_devices_return(struct cell_devices *devices, struct bh_refusal *refusal)
{
	struct bh_refusal reason;
	bool all = true;
	uint32_t i;

	for (i = 0; i < devices->count; i++)
		if (has_driver(devices->list[i].pci, STUB_NAME))
			device_release_driver(&devices->list[i].pci->dev);
	find_again(devices);
	while (devices->count > 0) {
		if (give_back(&devices->list[--devices->count], &reason))
			continue;
		if (all)
			refuse_also(refusal, "%s", reason.text);
		all = false;
	}
	return all;
}

/* With what it was remembered; on a failure the caller gives it back. */
static int bind_stub(struct cell_device *device, struct bh_refusal *refusal)
{
	struct pci_dev *pci = device->pci;
	int error;

	error = kernel_set_override(pci, STUB_NAME);
	if (!error) {
		device_release_driver(&pci->dev);
		wanted = pci;
		error = device_driver_attach(&stub.driver, &pci->dev);
		wanted = NULL;
	}
	if (error || !has_driver(pci, STUB_NAME)) {
		refuse(refusal, "Linux does not let go of device %s (error %d); see its log",
		       pci_name(pci), -error);
		return error ?: -EBUSY;
	}
	return 0;
}

static int take(struct cell_devices *devices, uint32_t address, struct bh_refusal *refusal)
{
	struct cell_device *device = &devices->list[devices->count];
	int error;

	device->address = address;
	device->pci = look_up(address);
	if (!device->pci) {
		refuse(refusal, "Linux knows no device %04x:%02x:%02x.%u", BH_PCI_DOMAIN(address),
		       BH_PCI_BUS(address), BH_PCI_DEVICE(address), BH_PCI_FUNCTION(address));
		return -ENODEV;
	}
	error = remember(device);
	if (error)
		refuse(refusal, "Linux has no memory left");
	else if (!may_be_unbound(device, refusal))
		error = -EBUSY;
	if (error) {
		kfree(device->override);
		pci_dev_put(device->pci);
		return error;
	}
	devices->count++;
	return bind_stub(device, refusal);
}

int cell_devices_take(struct cell_devices *devices, const struct cell_view *cell,
		      struct bh_refusal *refusal)
{
	int error = 0;
	uint32_t i;

	devices->count = 0;
	for (i = 0; i < cell->cell->device_count && !error; i++)
		error = take(devices, cell->devices[i].address, refusal);
	if (error)
		cell_devices_return(devices, refusal);
	return error;
}
