package dev.concert.ensemble.batch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.block.ExactJson;
import dev.concert.ensemble.compatible.VendorJson;
import dev.concert.ensemble.loop.LoopContext;
import dev.concert.ensemble.model.TokenCount;
import dev.concert.ensemble.provider.VendorStore;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.error.FailureLog;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.parsetools.RecordParser;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after batches until they are over: when its owner asks and once a minute. Then each answer
 * becomes a call in the usage ledger, and the files of answers become the owner's. Thread-safe.
 */
final class BatchSettlement {
  private static final Logger LOG = LoggerFactory.getLogger(BatchSettlement.class);
  private static final Duration PAUSE = Duration.ofMinutes(1);

  /** A node that has not renewed its claim for so long is lost. */
  private static final Duration CLAIM = Duration.ofMinutes(5);

  /** From when answers are written into the books: nobody takes over what may be there in part. */
  private static final Duration BOOKED = Duration.ofDays(60);

  private static final int LONGEST_LINE = 64 * 1024 * 1024;
  private static final List<String> OUTPUTS = List.of("output_file_id", "error_file_id");

  private final ObjectAccess access;
  private final BatchBooks books;
  private final Predicate<String> revoked;
  private final Optional<BatchClaims> claims;
  private final Map<String, Future<KeptObject>> underWay = new ConcurrentHashMap<>();

  /**
   * @param revoked whether a caller's id is that of a key that will never be valid again; blocks
   * @param claims empty for a node without others
   */
  BatchSettlement(
      ObjectAccess access,
      BatchBooks books,
      Predicate<String> revoked,
      Optional<BatchClaims> claims) {
    this.claims = claims;
    this.access = access;
    this.books = books;
    this.revoked = revoked;
  }

  /** Holds again what batches held before a restart, and begins to look after them. */
  Future<Void> start() {
    access.vertx().setPeriodic(PAUSE.toMillis(), timer -> look());
    // Another node may have taken over what was here.
    return access
        .exchanged()
        .compose(known -> access.vertx().executeBlocking(() -> access.kept().unsettled(), false))
        .compose(left -> Future.join(left.stream().map(books::holdAgain).toList()))
        .mapEmpty();
  }

  static String path(KeptObject batch) {
    String all = batch.api() == VendorStore.Api.ANTHROPIC ? "/messages/batches/" : "/batches/";
    return all + batch.id();
  }

  private void look() {
    access
        .vertx()
        .executeBlocking(() -> access.kept().unsettled(), false)
        .onSuccess(
            left ->
                left.forEach(
                    batch -> claim(batch).compose(mine -> refreshed(batch)).onFailure(why(batch))));
    access
        .vertx()
        .executeBlocking(() -> access.kept().unsettledElsewhere(), false)
        .onSuccess(others -> others.forEach(this::takeOver));
    forgetRevoked();
  }

  private static Handler<Throwable> why(KeptObject batch) {
    return failure ->
        LOG.warn(
            "The batch {} at {} cannot be read: {}",
            batch.id(),
            batch.endpoint(),
            FailureLog.reason(failure));
  }

  /** Settles a batch of another node, if that one is lost. */
  private void takeOver(KeptObject batch) {
    claim(batch)
        .onSuccess(
            mine -> {
              if (mine) {
                refreshed(batch).onFailure(why(batch));
              }
            });
  }

  /** Says that this node lives and has the batch, if no other has it; never fails. */
  Future<Boolean> claim(KeptObject batch) {
    return claims
        .map(
            all ->
                all.claim(batch, CLAIM)
                    .map(holder -> holder.filter(all.node()::equals).isPresent()))
        .orElseGet(() -> Future.succeededFuture(true));
  }

  /** What keys that were revoked left: their files are deleted, their batches cancelled. */
  void forgetRevoked() {
    access
        .vertx()
        .executeBlocking(
            () ->
                access.kept().owners().stream()
                    .filter(revoked)
                    .flatMap(owner -> access.kept().of(owner).stream())
                    .toList(),
            false)
        .onSuccess(left -> left.forEach(this::forget));
  }

  private void forget(KeptObject object) {
    boolean file = object.kind() == KeptObject.Kind.FILE;
    VendorStore.Request request =
        file
            ? VendorStore.Request.delete("/files/" + object.id())
            : VendorStore.Request.post(path(object) + "/cancel", Map.of(), Buffer.buffer());
    if (!file && object.settled()) {
      access.forget(object);
    } else if (file || !object.isEnded()) {
      Future.succeededFuture()
          .compose(now -> access.keeper(object).ask(request))
          .onSuccess(done -> dropFile(object, file))
          .onFailure(gone -> dropFile(object, file));
    }
  }

  private void dropFile(KeptObject object, boolean file) {
    if (file) {
      access.forget(object);
    }
  }

  /** The batch as the vendor has it now, settled if it is over. */
  Future<KeptObject> refreshed(KeptObject batch) {
    // Several event loops may wait for the same answer.
    return LoopContext.moved(access.vertx(), once(batch));
  }

  private Future<KeptObject> once(KeptObject batch) {
    return underWay.computeIfAbsent(
        batch.owner() + ' ' + batch.id(),
        key -> {
          Promise<KeptObject> now = Promise.promise();
          now.future().onComplete(done -> underWay.remove(key));
          access
              .vertx()
              .runOnContext(
                  later ->
                      // Somebody may have settled it since it was read.
                      access
                          .mine(batch.caller(), batch.kind(), batch.api(), batch.id())
                          .compose(this::ask)
                          .onComplete(now));
          return now.future();
        });
  }

  private Future<KeptObject> ask(KeptObject batch) {
    VendorStore store = access.keeper(batch);
    return store
        .ask(VendorStore.Request.get(path(batch)))
        .recover(failure -> Future.failedFuture(ObjectAccess.known(batch, failure)))
        .map(batch::withBody)
        .compose(now -> now.isEnded() && !now.settled() ? ended(now, store) : access.save(now));
  }

  /** One node has it in its books; which one nobody knows while Redis is away. */
  private Future<KeptObject> ended(KeptObject batch, VendorStore store) {
    return inBooks(batch)
        .compose(
            now ->
                now.filter(known -> !known.elsewhere())
                    .map(mine -> settled(mine, store))
                    .orElseGet(
                        () -> outputs(batch).compose(all -> access.save(now.orElse(batch)))));
  }

  /** The batch, in the books of the node that has claimed it; empty if nobody can say which. */
  private Future<Optional<KeptObject>> inBooks(KeptObject batch) {
    return claims
        .map(
            all ->
                all.claim(batch, BOOKED)
                    .compose(
                        holder ->
                            holder
                                .map(node -> moved(batch, node, !node.equals(all.node())))
                                .orElseGet(() -> Future.succeededFuture(Optional.empty()))))
        .orElseGet(() -> Future.succeededFuture(Optional.of(batch)));
  }

  private Future<Optional<KeptObject>> moved(KeptObject batch, String home, boolean elsewhere) {
    if (elsewhere == batch.elsewhere()) {
      return Future.succeededFuture(Optional.of(batch));
    }
    LOG.info("The batch {} is in the books of the node {} now", batch.id(), home);
    KeptObject there = batch.at(elsewhere);
    if (elsewhere) {
      books.release(there);
      return access.move(there, home).map(Optional.of(there));
    }
    return books.holdAgain(there).compose(held -> access.move(there, home)).map(Optional.of(there));
  }

  /** Refuses to touch what the books of another node still need. */
  static KeptObject booked(KeptObject batch) {
    if (!batch.settled() && (batch.elsewhere() || batch.isEnded())) {
      throw ConcertException.retryAfter(
          ErrorCode.ENSEMBLE_UNAVAILABLE,
          "The batch is not in the usage ledger yet. Delete it in a minute.",
          PAUSE.toMillis());
    }
    return batch;
  }

  private Future<KeptObject> settled(KeptObject batch, VendorStore store) {
    return answers(batch, store)
        .compose(answers -> books.book(batch, store, answers))
        .compose(booked -> outputs(batch))
        .compose(all -> access.save(batch.over()));
  }

  private Future<?> outputs(KeptObject batch) {
    return Future.join(OUTPUTS.stream().map(name -> output(batch, name)).toList());
  }

  /** A file of answers belongs to whoever made the batch. */
  private Future<?> output(KeptObject batch, String field) {
    String id = batch.body().path(field).asText("");
    if (id.isEmpty()) {
      return Future.succeededFuture();
    }
    ObjectNode known =
        VendorJson.newObject().put("id", id).put("object", "file").put("purpose", "batch_output");
    return access
        .keeper(batch)
        .ask(VendorStore.Request.get("/files/" + id))
        .otherwise(known)
        .map(
            body ->
                KeptObject.of(
                    KeptObject.Kind.FILE, batch.caller(), batch.endpoint(), batch.api(), body))
        .compose(access::save);
  }

  private static Future<List<BatchBooks.Answer>> answers(KeptObject batch, VendorStore store) {
    if (batch.api() == VendorStore.Api.ANTHROPIC) {
      return batch.body().path("results_url").isTextual()
          ? store
              .read(VendorStore.Request.get(path(batch) + "/results"))
              .compose(response -> lines(response, store))
          : Future.succeededFuture(List.of());
    }
    String output = batch.body().path(OUTPUTS.getFirst()).asText("");
    return output.isEmpty()
        ? Future.succeededFuture(List.of())
        : store
            .read(VendorStore.Request.get("/files/" + output + "/content"))
            .compose(response -> lines(response, store));
  }

  private static Future<List<BatchBooks.Answer>> lines(
      HttpClientResponse response, VendorStore store) {
    Promise<List<BatchBooks.Answer>> all = Promise.promise();
    List<BatchBooks.Answer> answers = new ArrayList<>();
    RecordParser parser =
        RecordParser.newDelimited("\n", line -> read(line, store, answers))
            .maxRecordSize(LONGEST_LINE)
            .exceptionHandler(all::tryFail);
    response.exceptionHandler(all::tryFail);
    response.handler(parser);
    response.endHandler(
        end -> {
          parser.handle(Buffer.buffer("\n"));
          all.tryComplete(answers);
        });
    response.resume();
    return all.future();
  }

  /** A line of answers, of either API; one without tokens costs nothing. */
  private static void read(Buffer text, VendorStore store, List<BatchBooks.Answer> answers) {
    try {
      JsonNode line = ExactJson.MAPPER.readTree(text.getBytes());
      TokenCount tokens =
          store.count(
              store.api() == VendorStore.Api.ANTHROPIC
                  ? line.path("result").path("message")
                  : line.path("response").path("body"));
      if (!tokens.equals(TokenCount.NONE)) {
        answers.add(new BatchBooks.Answer(line.path("custom_id").asText(), tokens));
      }
    } catch (IOException e) {
      LOG.warn("A line of a batch's answers is no JSON and is not counted");
    }
  }
}
