package dev.concert.platform.backup;

import dev.concert.chronicle.content.ContentStore;
import dev.concert.chronicle.content.Tier;
import dev.concert.chronicle.content.tier.BucketOptions;
import dev.concert.chronicle.content.tier.S3Tier;
import dev.concert.chronicle.workspace.WorkspaceRebuild;
import dev.concert.foundation.files.PrivateFiles;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Writes the files of restored workspaces, whose contents are in the bucket of {@code
 * chronicle.s3}. Blocks.
 *
 * @param data a data folder whose databases are restored
 */
public record RestoredWorkspaces(Path data, Optional<BucketOptions> bucket) {
  /**
   * What was written.
   *
   * @param missing files whose content is in no bucket, as {@code workspace/path}
   */
  public record Result(int workspaces, int files, List<String> missing) {}

  public Result run() {
    try {
      Path folder = PrivateFiles.createDirectories(data.resolve("cas"));
      if (bucket.isEmpty()) {
        return rebuild(ContentStore.open(folder));
      }
      Vertx vertx = Vertx.vertx();
      try (S3Tier tier = bucket.get().open(folder, vertx, new CompositeMeterRegistry())) {
        return rebuild(ContentStore.open(folder, (Tier) tier));
      } finally {
        vertx.close().await();
      }
    } catch (IOException e) {
      throw new BackupException("The folder %s cannot be written.".formatted(data), e);
    }
  }

  private Result rebuild(ContentStore contents) throws IOException {
    Path instances = data.resolve("instances");
    if (!Files.isDirectory(instances)) {
      return new Result(0, 0, List.of());
    }
    WorkspaceRebuild rebuild = new WorkspaceRebuild(instances.toRealPath(), contents);
    List<String> missing = new ArrayList<>();
    int files = 0;
    List<String> ids;
    try (Stream<Path> folders = Files.list(instances)) {
      ids = folders.map(folder -> folder.getFileName().toString()).sorted().toList();
    }
    for (String id : ids) {
      WorkspaceRebuild.Result one = rebuild.run(id);
      files += one.files();
      one.missing().forEach(path -> missing.add(id + "/" + path));
    }
    return new Result(ids.size(), files, List.copyOf(missing));
  }
}
