package dev.concert.platform.doctor;

import dev.concert.chronicle.workspace.ChronicleOptions;
import dev.concert.chronicle.workspace.ChronicleOptions.Binding;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Finds out which binding mounts the workspaces of this host, and why. Blocks. */
final class BindingCheck {
  private static final String PART = "FUSE";

  private BindingCheck() {}

  /**
   * @param mode of the configuration
   * @param binding of the configuration
   */
  static CheckResult of(ChronicleOptions.Mode mode, Binding binding) {
    if (mode == ChronicleOptions.Mode.FOLDER) {
      return CheckResult.ok(
          PART, "workspaces are watched folders, because chronicle.mode is folder");
    }
    if (binding == Binding.WATCHED) {
      return CheckResult.ok(
          PART, "workspaces are watched folders, because chronicle.binding is watched");
    }
    return binding
        .open()
        .missing()
        .map(reason -> watched(binding, reason))
        .orElseGet(() -> CheckResult.ok(PART, mounted(binding)));
  }

  private static CheckResult watched(Binding binding, String reason) {
    return CheckResult.fallback(
        PART,
        "workspaces are watched folders, because %s cannot mount: %s"
            .formatted(binding.word(), reason),
        Files.isWritable(Path.of("/dev/fuse"))
            ? "apt-get install fuse3" + (binding == Binding.JNR_FUSE ? " libfuse2" : "")
            : "run as root on Linux, in a container with --device /dev/fuse");
  }

  private static String mounted(Binding binding) {
    if (binding == Binding.JNR_FUSE) {
      return "workspaces are mounted by jnr-fuse, because chronicle.binding says so";
    }
    Optional<String> other = Binding.JNR_FUSE.open().missing();
    return "workspaces are mounted by the kernel binding, the default; jnr-fuse "
        + other.map("cannot mount here: "::concat).orElse("can mount here too");
  }
}
