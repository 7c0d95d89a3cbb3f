package dev.concert.platform.command.chronicle;

import dev.concert.chronicle.gc.WorkspaceRoots;
import dev.concert.platform.DataFolder;
import dev.concert.platform.PlatformException;
import dev.concert.platform.server.DataPlace;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The options of all {@code chronicle} commands: where the contents are stored. */
final class ContentStoreOptions {
  @Option(
      names = "--data",
      defaultValue = DataPlace.SHOWN,
      description = "Data folder of the server (default: ${DEFAULT-VALUE}).")
  private Path data;

  /** The folder of the content store. */
  Path store() {
    Path store = data.resolve("cas");
    if (!Files.isDirectory(store)) {
      throw new PlatformException(
          "%s holds no workspace contents. Name the data folder of a server with --data."
              .formatted(data));
    }
    return store;
  }

  WorkspaceRoots workspaces() {
    return new WorkspaceRoots(data.resolve("instances"));
  }

  boolean isServed() {
    return DataFolder.isInUse(data);
  }
}
