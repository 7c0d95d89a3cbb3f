package dev.concert.coordinator.cgroup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How the folders of groups are made and removed. The kernel gives a new one its files, and removes
 * one with its files.
 */
public interface CgroupFolders {
  CgroupFolders KERNEL =
      new CgroupFolders() {
        @Override
        public void make(Path folder) throws IOException {
          Files.createDirectory(folder);
        }

        @Override
        public void remove(Path folder) throws IOException {
          Files.deleteIfExists(folder);
        }
      };

  /** Makes a group whose parent exists. */
  void make(Path folder) throws IOException;

  /** Removes a group; fails while it has processes or groups below it. */
  void remove(Path folder) throws IOException;
}
