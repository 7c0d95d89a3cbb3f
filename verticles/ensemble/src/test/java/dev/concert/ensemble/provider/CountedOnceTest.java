package dev.concert.ensemble.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.ensemble.ledger.LedgerRows;
import dev.concert.ensemble.model.Price;
import dev.concert.testing.vendor.FakeAnswer;
import dev.concert.testing.vendor.FakeAnswer.Usage;
import dev.concert.testing.vendor.VendorWire;
import dev.concert.testing.vendor.VendorWires;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * Whatever a provider counts lies in the books with each prompt token in exactly one of input,
 * cached and cache write, streamed or in one piece, and costs what that says.
 */
class CountedOnceTest {
  private static final long MOST = 2_000_000;

  private static Path ledger;
  private static FakeVendors vendors;

  @BeforeContainer
  static void start() throws IOException {
    ledger = Files.createTempDirectory("counted-once").resolve("ledger.db");
    vendors = new FakeVendors(ledger);
  }

  @AfterContainer
  static void stop() throws IOException {
    vendors.close();
    // Ensemble keeps more than the ledger in its folder.
    try (Stream<Path> files = Files.list(ledger.getParent())) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(ledger.getParent());
  }

  @Property(tries = 24, shrinking = ShrinkingMode.OFF)
  void everyPromptTokenIsInOneClass(
      @ForAll("wires") VendorWire wire, @ForAll boolean whole, @ForAll("usages") Usage counted) {
    vendors.vendor(wire).answer(FakeAnswer.text("hi").withUsage(counted));

    Map<String, String> row = call(whole ? wire.type() + "-whole" : wire.type());

    // Google does not say what was written: it was read at the full price.
    Usage expected =
        wire.type().equals("gemini")
            ? new Usage(
                counted.input() + counted.written(),
                counted.cached(),
                0,
                counted.output(),
                counted.reasoning())
            : counted;
    check(row, expected);
  }

  @Property(tries = 10, shrinking = ShrinkingMode.OFF)
  void whatAnthropicCountsInTheEndReplacesWhatItCountedFirst(
      @ForAll("usages") Usage provisional, @ForAll("usages") Usage last) {
    VendorWire anthropic = wire("anthropic");
    Buffer[] events =
        anthropic.events(FakeAnswer.text("hi").withUsage(provisional)).stream()
            .map(event -> Buffer.buffer(withFinalCount(event, last)))
            .toArray(Buffer[]::new);
    vendors.vendor(anthropic).stream(events);

    check(call("anthropic"), last);
  }

  @Property(tries = 10, shrinking = ShrinkingMode.OFF)
  void soundCostsWhatSoundCostsAndIsStillPromptOnlyOnce(
      @ForAll boolean whole,
      @ForAll("usages") Usage counted,
      @ForAll @DoubleRange(max = 1) double sound,
      @ForAll @DoubleRange(max = 1) double cachedSound) {
    long fresh = (long) ((counted.input() + counted.written()) * sound);
    long read = (long) (counted.cached() * cachedSound);
    VendorWire gemini = wire("gemini");
    FakeAnswer answer = FakeAnswer.text("hi").withUsage(counted);
    if (whole) {
      String body = withSound(new JsonObject(gemini.whole(answer)), fresh, read);
      vendors
          .vendor(gemini)
          .script((asked, to) -> to.putHeader("content-type", "application/json").end(body));
    } else {
      vendors.vendor(gemini).stream(
          gemini.events(answer).stream()
              .map(event -> new JsonObject(event.substring("data: ".length())))
              .map(event -> Buffer.buffer("data: " + withSound(event, fresh, read) + "\n\n"))
              .toArray(Buffer[]::new));
    }

    Map<String, String> row = call(whole ? "gemini-whole" : "gemini");

    assertThat(row)
        .containsEntry("input_tokens", Long.toString(counted.input() + counted.written()))
        .containsEntry("cached_tokens", Long.toString(counted.cached()))
        .containsEntry("cache_write_tokens", "0")
        .containsEntry("audio_tokens", Long.toString(fresh))
        .containsEntry("cached_audio_tokens", Long.toString(read));
    BigDecimal cost =
        times("3", counted.input() + counted.written() - fresh)
            .add(times("7", fresh))
            .add(times("0.30", counted.cached() - read))
            .add(times("0.70", read))
            .add(times("15", counted.output()))
            .movePointLeft(6);
    assertThat(row).containsEntry("cost", Price.plain(cost));
  }

  /** Source: https://ai.google.dev/api/generate-content#UsageMetadata. */
  private static String withSound(JsonObject response, long fresh, long read) {
    JsonObject usage = response.getJsonObject("usageMetadata");
    long prompt = usage.getLong("promptTokenCount");
    usage
        .put("promptTokensDetails", details(prompt - fresh - read, fresh + read))
        .put("cacheTokensDetails", details(usage.getLong("cachedContentTokenCount") - read, read));
    return response.encode();
  }

  private static JsonArray details(long text, long audio) {
    return new JsonArray()
        .add(new JsonObject().put("modality", "TEXT").put("tokenCount", text))
        .add(new JsonObject().put("modality", "AUDIO").put("tokenCount", audio));
  }

  private static Map<String, String> call(String model) {
    String body =
        "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}".formatted(model);
    assertThat(vendors.ensemble().client().post("/api/v1/stream", body).body())
        .contains("event: done");
    return LedgerRows.of(ledger).getLast();
  }

  private static void check(Map<String, String> row, Usage expected) {
    long input = Long.parseLong(row.get("input_tokens"));
    long cached = Long.parseLong(row.get("cached_tokens"));
    long written = Long.parseLong(row.get("cache_write_tokens"));
    assertThat(input + cached + written).as("prompt %s", row).isEqualTo(expected.prompt());
    assertThat(List.of(input, cached, written))
        .containsExactly(expected.input(), expected.cached(), expected.written());
    assertThat(row).containsEntry("output_tokens", Long.toString(expected.output()));
    assertThat(row).containsEntry("cost", Price.plain(cost(expected)));
  }

  /** 3 dollars for a million in, 0.30 from the cache, 3.75 into it, 15 out. */
  private static BigDecimal cost(Usage usage) {
    return times("3", usage.input())
        .add(times("0.30", usage.cached()))
        .add(times("3.75", usage.written()))
        .add(times("15", usage.output()))
        .movePointLeft(6);
  }

  private static BigDecimal times(String rate, long tokens) {
    return new BigDecimal(rate).multiply(BigDecimal.valueOf(tokens));
  }

  private static String withFinalCount(String event, Usage last) {
    if (!event.startsWith("event: message_delta")) {
      return event;
    }
    String data = event.substring(event.indexOf("data: ") + "data: ".length());
    JsonObject delta =
        new JsonObject(data)
            .put(
                "usage",
                new JsonObject()
                    .put("input_tokens", last.input())
                    .put("cache_read_input_tokens", last.cached())
                    .put("cache_creation_input_tokens", last.written())
                    .put("output_tokens", last.output()));
    return "event: message_delta\ndata: " + delta.encode() + "\n\n";
  }

  private static VendorWire wire(String type) {
    return VendorWires.all().stream()
        .filter(one -> one.type().equals(type))
        .findFirst()
        .orElseThrow();
  }

  @Provide
  Arbitrary<VendorWire> wires() {
    return Arbitraries.of(VendorWires.all());
  }

  @Provide
  Arbitrary<Usage> usages() {
    Arbitrary<Long> tokens = Arbitraries.longs().between(0, MOST);
    return Combinators.combine(tokens, tokens, tokens, tokens, Arbitraries.doubles().between(0, 1))
        .as(
            (input, cached, written, output, part) ->
                new Usage(input, cached, written, output, (long) (output * part)));
  }
}
