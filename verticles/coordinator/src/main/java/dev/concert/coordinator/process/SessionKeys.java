package dev.concert.coordinator.process;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The kernel's session keyring of a thread, which the processes that it starts inherit. Without one
 * of its own an agent's would be that of the server, and of every other agent.
 */
final class SessionKeys {
  private static final Logger LOG = LoggerFactory.getLogger(SessionKeys.class);
  private static final int JOIN_SESSION_KEYRING = 1;

  private final Optional<MethodHandle> syscall;
  private final long keyctl;

  SessionKeys() {
    this.keyctl = "aarch64".equals(System.getProperty("os.arch")) ? 219 : 250;
    this.syscall =
        "Linux".equals(System.getProperty("os.name"))
            ? Linker.nativeLinker().defaultLookup().find("syscall").map(SessionKeys::bind)
            : Optional.empty();
  }

  private static MethodHandle bind(MemorySegment address) {
    return Linker.nativeLinker()
        .downcallHandle(
            address,
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_INT, ADDRESS),
            Linker.Option.firstVariadicArg(1));
  }

  /**
   * Gives the calling thread, which has to be a platform thread, a new keyring without a name. A
   * kernel without keyrings, or with none left for this user, leaves it with the one it has: the
   * seccomp filter keeps an agent from using that.
   */
  void renew() {
    if (syscall.isEmpty()) {
      return;
    }
    try {
      long keyring =
          (long) syscall.get().invokeExact(keyctl, JOIN_SESSION_KEYRING, MemorySegment.NULL);
      if (keyring < 0) {
        LOG.debug("The kernel gives no new session keyring");
      }
    } catch (Throwable failure) {
      throw new IllegalStateException("keyctl cannot be called", failure);
    }
  }
}
