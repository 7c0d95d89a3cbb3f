/**
 * The seccomp filter of a sandbox: which system calls an agent may not make.
 *
 * <p>A <em>filter</em> is a classic BPF program that the kernel runs before each system call of the
 * agent; bubblewrap loads it. Most of what it refuses needs a capability that the agent does not
 * have anyway: the filter keeps the kernel code behind these calls out of reach.
 */
package dev.concert.coordinator.sandbox.seccomp;
