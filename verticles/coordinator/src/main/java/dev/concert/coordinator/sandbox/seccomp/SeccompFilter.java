package dev.concert.coordinator.sandbox.seccomp;

import java.util.Optional;

/**
 * The filter that agents run under. What it refuses fails with {@code EPERM}, so that a program
 * goes on; {@code clone3}, whose arguments a filter cannot see, fails with {@code ENOSYS}, and the
 * C library uses {@code clone} instead. Calls of another architecture (i386, x32) fail with {@code
 * ENOSYS}.
 */
public final class SeccompFilter {
  private static final int EPERM = 1;
  private static final int ENOSYS = 38;
  private static final int EAFNOSUPPORT = 97;

  /** From this number on x86_64's calls are those of x32. */
  private static final int X32 = 0x40000000;

  /** CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET. */
  private static final int NAMESPACES = 0x7E020000;

  private static final int NEW_TIME_NAMESPACE = 0x80;

  /** Push characters into a terminal as if typed there (TIOCSTI, TIOCLINUX). */
  private static final int[] TERMINAL_INPUT = {0x5412, 0x541C};

  /** AF_UNIX, AF_INET, AF_INET6, AF_NETLINK. AF_VSOCK would leave the network namespace. */
  private static final int[] SOCKET_FAMILIES = {1, 2, 10, 16};

  private SeccompFilter() {}

  /** The program for this machine; empty where none is known. */
  public static Optional<byte[]> forThisMachine() {
    return Machine.current().map(SeccompFilter::program);
  }

  static byte[] program(Machine machine) {
    BpfProgram program =
        new BpfProgram().loadArchitecture().failUnlessEqual(machine.audit, ENOSYS).loadNumber();
    if (machine == Machine.X86_64) {
      program.failIfAtLeast(X32, ENOSYS);
    }
    for (RefusedCall call : RefusedCall.values()) {
      if (call.number(machine) >= 0) {
        program.failIfEqual(call.number(machine), EPERM);
      }
    }
    program.failIfEqual(machine.clone3, ENOSYS);
    program
        .skipUnlessEqual(machine.clone, 4)
        .loadArgument(0)
        .failIfAnyBit(NAMESPACES, EPERM)
        .allow();
    program
        .skipUnlessEqual(machine.unshare, 4)
        .loadArgument(0)
        .failIfAnyBit(NAMESPACES | NEW_TIME_NAMESPACE, EPERM)
        .allow();
    program.skipUnlessEqual(machine.ioctl, 2 + 2 * TERMINAL_INPUT.length).loadArgument(1);
    for (int request : TERMINAL_INPUT) {
      program.failIfEqual(request, EPERM);
    }
    program.allow();
    program.skipUnlessEqual(machine.socket, 2 + 2 * SOCKET_FAMILIES.length).loadArgument(0);
    for (int family : SOCKET_FAMILIES) {
      program.allowIfEqual(family);
    }
    return program.fail(EAFNOSUPPORT).allow().toBytes();
  }
}
