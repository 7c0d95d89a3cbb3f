package dev.concert.platform.command.chronicle;

import dev.concert.chronicle.content.blob.BlobFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code concert chronicle stats}. */
@Command(
    name = "stats",
    description = "Shows how much is stored and how much disk space it takes.",
    mixinStandardHelpOptions = true)
final class StatsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ContentStoreOptions place;

  @Override
  public Integer call() throws IOException {
    AtomicLong files = new AtomicLong();
    AtomicLong stored = new AtomicLong();
    BlobFolder.open(place.store())
        .each(
            entry -> {
              files.incrementAndGet();
              stored.addAndGet(entry.size());
            });
    Map<String, Long> named = new HashMap<>();
    place.workspaces().each(blob -> named.put(blob.hash(), blob.size()));
    long size = named.values().stream().mapToLong(Long::longValue).sum();
    PrintWriter out = spec.commandLine().getOut();
    out.printf("workspaces           %,d%n", place.workspaces().journals().size());
    out.printf("contents needed      %,d (%,d MiB)%n", named.size(), size >> 20);
    out.printf("files of the store   %,d (%,d MiB)%n", files.get(), stored.get() >> 20);
    out.flush();
    return 0;
  }
}
