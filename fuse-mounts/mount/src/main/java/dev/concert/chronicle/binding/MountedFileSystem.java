package dev.concert.chronicle.binding;

/**
 * A mounted filesystem. The process that serves it never touches the mount point, except through
 * the kernel on a thread that serves no requests. Thread-safe.
 */
public interface MountedFileSystem {
  /**
   * Takes the mount out of sight at once. A process that has files of it open can go on using them.
   */
  void hide();

  /**
   * Unmounts, waits for the requests in progress, and closes the filesystem. If a process still
   * uses the mount, it is taken out of sight and all later requests of that process fail.
   */
  void unmount();
}
