package dev.concert.gateway.member;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Members that are looked for at the same time. */
class MemberBatchesTest {
  private final Vertx vertx = Vertx.vertx();
  private final List<String> reads = new CopyOnWriteArrayList<>();
  private final MemberBatches batches = new MemberBatches(this::read);

  @AfterEach
  void stop() throws Exception {
    get(vertx.close());
  }

  private Future<Map<String, MemberBatches.Row>> read(String tenantId, Set<String> userIds) {
    reads.add(tenantId + " " + userIds.size());
    if (tenantId.equals("broken")) {
      return Future.failedFuture("the disk is away");
    }
    Map<String, MemberBatches.Row> rows = new HashMap<>();
    userIds.stream()
        .filter(id -> !id.startsWith("no-member"))
        .forEach(id -> rows.put(id, new MemberBatches.Row(id + "@" + tenantId, "viewer", "")));
    return Future.succeededFuture(rows);
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(3, TimeUnit.MINUTES);
  }

  @Test
  void aThousandConnectionsOfTwoTenantsAreTwoReads() throws Exception {
    List<Future<Optional<MemberBatches.Row>>> found = new ArrayList<>();
    Future<?> asked =
        Future.future(
            done ->
                vertx.runOnContext(
                    _ -> {
                      IntStream.range(0, 1000)
                          .mapToObj(i -> batches.find(i % 2 == 0 ? "acme" : "beta", "u" + i / 4))
                          .forEach(found::add);
                      done.complete();
                    }));
    get(asked);
    get(Future.all(found));

    assertThat(reads).containsExactlyInAnyOrder("acme 250", "beta 250");
    assertThat(found.get(8).result().orElseThrow().email()).isEqualTo("u2@acme");
    assertThat(found.get(9).result().orElseThrow().email()).isEqualTo("u2@beta");
  }

  @Test
  void whatIsAskedLaterIsReadAnew() throws Exception {
    assertThat(get(batches.find("acme", "ada"))).isPresent();
    assertThat(get(batches.find("acme", "ada"))).isPresent();
    assertThat(get(batches.find("acme", "no-member"))).isEmpty();
    assertThat(reads).hasSize(3);
  }

  @Test
  void aReadThatFailsFailsForThoseWhoWaitedForIt() {
    assertThat(batches.find("broken", "ada").failed()).isTrue();
    assertThat(batches.find("acme", "ada").result()).isPresent();
  }
}
