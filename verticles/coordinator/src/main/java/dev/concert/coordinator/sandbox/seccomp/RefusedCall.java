package dev.concert.coordinator.sandbox.seccomp;

/**
 * System calls that agents may not make, with their numbers.
 *
 * <p>Source: {@code asm/unistd_64.h} of x86_64 and {@code asm-generic/unistd.h}, which aarch64
 * uses.
 */
enum RefusedCall {
  // The keyring is not namespaced: it would be shared with the host and with other agents.
  ADD_KEY(248, 217),
  REQUEST_KEY(249, 218),
  KEYCTL(250, 219),

  // Large, young kernel interfaces that no ordinary program needs.
  BPF(321, 280),
  PERF_EVENT_OPEN(298, 241),
  USERFAULTFD(323, 282),
  IO_URING_SETUP(425, 425),
  IO_URING_ENTER(426, 426),
  IO_URING_REGISTER(427, 427),
  FANOTIFY_INIT(300, 262),
  OPEN_BY_HANDLE_AT(304, 265),
  LOOKUP_DCOOKIE(212, 18),
  MODIFY_LDT(154, -1),
  QUOTACTL(179, 60),
  QUOTACTL_FD(443, 443),
  SYSFS(139, -1),
  USTAT(136, -1),
  USELIB(134, -1),
  NFSSERVCTL(180, 42),

  // Mounts and namespaces.
  MOUNT(165, 40),
  UMOUNT2(166, 39),
  PIVOT_ROOT(155, 41),
  CHROOT(161, 51),
  MOVE_MOUNT(429, 429),
  OPEN_TREE(428, 428),
  FSOPEN(430, 430),
  FSCONFIG(431, 431),
  FSMOUNT(432, 432),
  FSPICK(433, 433),
  MOUNT_SETATTR(442, 442),
  SETNS(308, 268),

  // The machine.
  KEXEC_LOAD(246, 104),
  KEXEC_FILE_LOAD(320, 294),
  INIT_MODULE(175, 105),
  FINIT_MODULE(313, 273),
  DELETE_MODULE(176, 106),
  REBOOT(169, 142),
  SWAPON(167, 224),
  SWAPOFF(168, 225),
  ACCT(163, 89),
  IOPL(172, -1),
  IOPERM(173, -1),
  SYSLOG(103, 116),
  VHANGUP(153, 58),
  SETTIMEOFDAY(164, 170),
  CLOCK_SETTIME(227, 112);

  private final int x86;
  private final int arm;

  RefusedCall(int x86, int arm) {
    this.x86 = x86;
    this.arm = arm;
  }

  /** Number on this machine; -1 where it has no such call. */
  int number(Machine machine) {
    return switch (machine) {
      case X86_64 -> x86;
      case AARCH64 -> arm;
    };
  }
}
