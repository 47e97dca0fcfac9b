/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A cell in 32-bit mode that says hello and then does what the first letter at `wish` tells: it
 * counts heartbeats until it is asked to end (a: it agrees, r: it refuses), reads beyond its memory
 * (f), or ends by itself (x). The letter is loaded into it as a string.
 */
	.code32
	.equ CONSOLE, 7
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
	.equ beyond, 0x200000

	.globl _start
_start:
	cmpl $BACKEND_SVM, COMM_BACKEND(%ebx)
	jne 1f
	movb $VMMCALL_END, call_first + 2
	movb $VMMCALL_END, call_second + 2
	movb $VMMCALL_END, call_exit + 2
1:	movl $CONSOLE, %eax
	movl hello, %edi
	movl $4, %edx
call_first:
	vmcall
	movl $CONSOLE, %eax
	movl hello + 4, %edi
	movl $4, %edx
call_second:
	vmcall
	movb wish, %cl
	cmpb $'f', %cl
	je stray
	cmpb $'x', %cl
	je end

count:
	addl $1, COMM_HEARTBEATS(%ebx)
	adcl $0, COMM_HEARTBEATS + 4(%ebx)
	cmpl $0, COMM_COMMAND(%ebx)
	je count
	cmpb $'r', %cl
	je refuse
	movl $ACCEPTED, COMM_REPLY(%ebx)

end:
	movl $EXIT, %eax
	movl $42, %edi
call_exit:
	vmcall

refuse:
	movl $REFUSED, COMM_REPLY(%ebx)
	jmp count

stray:
	movl beyond, %edx
	jmp end

	.balign 4
hello:
	.ascii "hello!!\n"
