/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A cell in 32-bit mode that counts heartbeats until it is asked to end. How it takes that is the
 * first letter at `wish`, which is loaded into it as a string:
 *
 *   a  it agrees and ends                  d  it is deaf
 *   r  it refuses once, then it agrees     n  it agrees, but never ends
 *   f  it fails instead: reads beyond its memory
 *   m  it reads a word of each of 200 pages beyond its memory, then it counts, as a
 */
	.code32
	.equ EXIT, 8
	.equ COMM_COMMAND, 344
	.equ COMM_REPLY, 348
	.equ COMM_HEARTBEATS, 360
	.equ COMM_BACKEND, 368
	.equ BACKEND_SVM, 1
	.equ VMMCALL_END, 0xd9 /* VMCALL is 0F 01 C1, VMMCALL is 0F 01 D9 */
	.equ ACCEPTED, 1
	.equ REFUSED, 2
	.equ wish, 0x8000
	.equ beyond, 0x10000000
	.equ many, 200

	.globl _start
_start:
	cmpl $BACKEND_SVM, COMM_BACKEND(%ebx)
	jne 1f
	movb $VMMCALL_END, call_exit + 2
1:	movb wish, %cl
	cmpb $'m', %cl
	jne count
	movl $beyond, %esi
	movl $many, %edi
1:	movl (%esi), %eax
	addl $4096, %esi
	decl %edi
	jnz 1b

count:
	addl $1, COMM_HEARTBEATS(%ebx)
	adcl $0, COMM_HEARTBEATS + 4(%ebx)
	cmpl $0, COMM_COMMAND(%ebx)
	je count
	cmpb $'d', %cl
	je count
	cmpb $'r', %cl
	je refuse
	cmpb $'f', %cl
	je fail
	movl $ACCEPTED, COMM_REPLY(%ebx)
	cmpb $'n', %cl
	je count
	movl $EXIT, %eax
	movl $7, %edi
call_exit:
	vmcall

refuse:
	movl $REFUSED, COMM_REPLY(%ebx)
1:	cmpl $0, COMM_COMMAND(%ebx)
	jne 1b
	movb $'a', %cl
	jmp count

fail:
	movl beyond, %eax
	jmp fail
