package dev.concert.coordinator.sandbox.seccomp;

import java.util.Optional;

/** Machines that a filter can be made for, with what the filter checks only by its arguments. */
enum Machine {
  X86_64(0xC000003E, 56, 435, 272, 16, 41),
  AARCH64(0xC00000B7, 220, 435, 97, 29, 198);

  /** The kernel's name of the machine, {@code AUDIT_ARCH_…} in {@code linux/audit.h}. */
  final int audit;

  final int clone;
  final int clone3;
  final int unshare;
  final int ioctl;
  final int socket;

  Machine(int audit, int clone, int clone3, int unshare, int ioctl, int socket) {
    this.audit = audit;
    this.clone = clone;
    this.clone3 = clone3;
    this.unshare = unshare;
    this.ioctl = ioctl;
    this.socket = socket;
  }

  /** The machine of this JVM; empty where no filter is known for it. */
  static Optional<Machine> current() {
    return switch (System.getProperty("os.arch")) {
      case "amd64", "x86_64" -> Optional.of(X86_64);
      case "aarch64" -> Optional.of(AARCH64);
      default -> Optional.empty();
    };
  }
}
