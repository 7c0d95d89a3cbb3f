package dev.concert.platform.command.chronicle;

import dev.concert.chronicle.content.ContentStore;
import dev.concert.chronicle.content.Tier;
import dev.concert.chronicle.content.blob.BlobFolder;
import dev.concert.chronicle.content.tier.BucketOptions;
import dev.concert.chronicle.content.tier.S3Tier;
import dev.concert.chronicle.inspection.LostContent;
import dev.concert.chronicle.inspection.StoreInspection;
import dev.concert.chronicle.journal.Journal;
import dev.concert.chronicle.verification.Verification;
import dev.concert.foundation.config.ConfigReader;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code concert chronicle verify}: 0 where all is whole, else 1. */
@Command(
    name = "verify",
    description = {
      "Reads every stored content and every journal, and reports what is damaged or missing.",
      "If CHRONICLE_S3_BUCKET is set, damaged contents are repaired from the bucket."
    },
    mixinStandardHelpOptions = true)
final class VerifyCommand implements Callable<Integer> {
  private static final int EVERY = 10_000;

  @Spec private CommandSpec spec;
  @Mixin private ContentStoreOptions place;

  @Override
  public Integer call() throws IOException {
    Path folder = place.store();
    PrintWriter out = spec.commandLine().getOut();
    if (place.isServed()) {
      out.println("A server uses this data folder; it may write while the check runs.");
    }
    Optional<BucketOptions> bucket =
        BucketOptions.from(ConfigReader.of(new JsonObject(), "s3"), System.getenv());
    StoreInspection.Report report =
        bucket.isPresent() ? withBucket(folder, bucket.get()) : verify(folder, Tier.NONE);
    report.findings().forEach(finding -> print(out, finding));
    long wrong = verifyJournals(out);
    out.printf(
        "%,d contents read (%,d MiB on disk), %d repaired, %d lost; %d journal errors.%n",
        report.checked(), report.bytes() >> 20, report.mended(), report.findings().size(), wrong);
    out.flush();
    return report.findings().isEmpty() && wrong == 0 ? 0 : 1;
  }

  private long verifyJournals(PrintWriter out) throws IOException {
    AtomicLong wrong = new AtomicLong();
    Verification verification =
        Verification.ofJournals(
            finding -> {
              wrong.incrementAndGet();
              out.printf("%s: %s %s%n", finding.workspace(), finding.detail(), finding.path());
            });
    for (Map.Entry<String, Path> one : place.workspaces().journals().entrySet()) {
      try (Journal journal =
          Journal.open(one.getValue(), InstantSource.system(), iterations -> {})) {
        // Their contents have been looked at.
        verification.verify(one.getKey(), journal);
      }
    }
    return wrong.get();
  }

  private StoreInspection.Report withBucket(Path folder, BucketOptions bucket) throws IOException {
    Vertx vertx = Vertx.vertx();
    try (S3Tier tier = bucket.open(folder, vertx, new CompositeMeterRegistry())) {
      return verify(folder, tier);
    } finally {
      vertx.close().await();
    }
  }

  private StoreInspection.Report verify(Path folder, Tier tier) throws IOException {
    return new StoreInspection(
            BlobFolder.open(folder), ContentStore.open(folder, tier), place.workspaces(), tier::has)
        .run(this::progress);
  }

  private void progress(long checked) {
    if (checked % EVERY == 0) {
      PrintWriter err = spec.commandLine().getErr();
      err.printf("%,d contents read%n", checked);
      err.flush();
    }
  }

  private static void print(PrintWriter out, LostContent finding) {
    String what =
        switch (finding.kind()) {
          case DAMAGED -> "damaged";
          case MISSING -> "missing";
        };
    out.printf("%s %s%n", what, finding.hash());
    finding.affected().forEach(place -> out.printf("  needed by %s%n", place));
    if (finding.affected().isEmpty()) {
      out.println("  needed by no iteration");
    }
  }
}
