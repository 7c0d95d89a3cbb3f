package dev.concert.chronicle.workspace;

import dev.concert.chronicle.binding.MountBinding;
import dev.concert.chronicle.content.tier.BucketOptions;
import dev.concert.chronicle.fuse.KernelBinding;
import dev.concert.chronicle.gc.GcOptions;
import dev.concert.chronicle.jnr.JnrFuseBinding;
import dev.concert.chronicle.versioning.VersioningPolicy;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * How Chronicle runs.
 *
 * @param instances folder with one folder for each workspace
 * @param contentStore folder of the contents of all workspaces of this host
 * @param binding what mounts the workspaces; for {@link Mode#FOLDER} it is not used
 * @param bucket behind the content store; empty where there is only the folder
 * @param upkeep what is dropped and collected while the server runs
 * @param versioning which files have versions, where a workspace does not say itself
 */
public record ChronicleOptions(
    Path instances,
    Path contentStore,
    Mode mode,
    Binding binding,
    Optional<BucketOptions> bucket,
    GcOptions upkeep,
    VersioningPolicy versioning) {

  /** With the kernel's binding, without a bucket, and with the usual upkeep. */
  public ChronicleOptions(Path instances, Path contentStore, Mode mode) {
    this(instances, contentStore, mode, Binding.KERNEL);
  }

  /** The same with another binding. */
  public ChronicleOptions(Path instances, Path contentStore, Mode mode, Binding binding) {
    this(
        instances,
        contentStore,
        mode,
        binding,
        Optional.empty(),
        GcOptions.USUAL,
        VersioningPolicy.USUAL);
  }

  /** Whether workspaces are plain folders, whatever the host can do. */
  public boolean watches() {
    return mode == Mode.FOLDER || binding == Binding.WATCHED;
  }

  /** What mounts the workspaces of this host (configuration {@code chronicle.binding}). */
  public enum Binding {
    /** Concert's own implementation of the kernel's protocol. */
    KERNEL(KernelBinding.NAME, KernelBinding::new),
    /** jnr-fuse over libfuse 2. */
    JNR_FUSE(JnrFuseBinding.NAME, JnrFuseBinding::new),
    /** Nothing: the real folder is watched. */
    WATCHED("watched", KernelBinding::new);

    private final String word;
    private final Supplier<MountBinding> opening;

    Binding(String word, Supplier<MountBinding> opening) {
      this.word = word;
      this.opening = opening;
    }

    /** In the configuration. */
    public String word() {
      return word;
    }

    /** A binding that has not mounted anything yet; it holds nothing until it does. */
    public MountBinding open() {
      return opening.get();
    }
  }

  /** How an agent gets at the files (configuration {@code chronicle.mode}, in lower case). */
  public enum Mode {
    /** By a mount where the host can, else by the folder, with a warning. */
    AUTO,
    /** By a mount; mounting fails where the host cannot. */
    FUSE,
    /** The real folder, which is watched. */
    FOLDER
  }
}
