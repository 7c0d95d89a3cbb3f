package dev.concert.platform.command;

import dev.concert.chronicle.collection.WorkspaceRoots;
import dev.concert.platform.DataFolder;
import dev.concert.platform.PlatformException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where the contents are: the options that all commands on them have. */
final class ContentPlace {
  @Option(
      names = "--data",
      defaultValue = "./data",
      description = "Data folder of the server (default: ${DEFAULT-VALUE}).")
  private Path data;

  /** The folder of the content store. */
  Path store() {
    Path store = data.resolve("cas");
    if (!Files.isDirectory(store)) {
      throw new PlatformException(
          "%s has no contents; name the data folder of a server with --data.".formatted(data));
    }
    return store;
  }

  WorkspaceRoots workspaces() {
    return new WorkspaceRoots(data.resolve("instances"));
  }

  boolean isServed() {
    return !DataFolder.isFree(data);
  }
}
