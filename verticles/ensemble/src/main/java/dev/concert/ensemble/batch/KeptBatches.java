package dev.concert.ensemble.batch;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.access.Caller;
import dev.concert.ensemble.block.ExactJson;
import dev.concert.ensemble.compatible.ClientBody;
import dev.concert.ensemble.compatible.VendorJson;
import dev.concert.ensemble.provider.VendorStore;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.util.List;
import java.util.Map;

/** The batches that vendors work on for keys. Use it on the context of the verticle. */
public final class KeptBatches {
  private static final KeptObject.Kind BATCH = KeptObject.Kind.BATCH;

  private final ObjectAccess access;
  private final BatchLines lines;
  private final BatchBooks books;
  private final BatchSettlement settlement;

  KeptBatches(ObjectAccess access, BatchLines lines, BatchBooks books, BatchSettlement settlement) {
    this.access = access;
    this.lines = lines;
    this.books = books;
    this.settlement = settlement;
  }

  /** Begins a batch for OpenAI, whose lines are a file that was passed on before. */
  public Future<ObjectNode> ofFile(Caller caller, ClientBody sent) {
    access.admit(caller);
    ObjectNode body = VendorJson.object(sent.bytes());
    String file = body.path("input_file_id").asText("");
    return access
        .mine(caller, KeptObject.Kind.FILE, VendorStore.Api.OPENAI, file)
        .recover(
            unknown ->
                Future.failedFuture(
                    VendorJson.wrong(
                        "input_file_id", "no file '" + file + "' is kept for this key")))
        .compose(
            found -> {
              BatchPlan plan =
                  found
                      .plan()
                      .orElseThrow(
                          () ->
                              VendorJson.wrong("input_file_id", "must be of the purpose 'batch'"));
              lines.permit(caller, plan);
              access.keeper(plan.endpoint()).check(body);
              return begin(
                  caller,
                  VendorStore.Api.OPENAI,
                  plan,
                  VendorStore.Request.post("/batches", sent.headers(), ExactJson.bytes(body)));
            });
  }

  /** Begins a batch for Anthropic, whose requests are in its body. */
  public Future<ObjectNode> ofRequests(Caller caller, ClientBody sent) {
    access.admit(caller);
    return access
        .vertx()
        .executeBlocking(() -> lines.ofRequests(caller, VendorJson.batch(sent.bytes())), false)
        .compose(
            checked ->
                begin(
                    caller,
                    VendorStore.Api.ANTHROPIC,
                    checked.plan(),
                    VendorStore.Request.post("/messages/batches", sent.headers(), checked.body())));
  }

  private Future<ObjectNode> begin(
      Caller caller, VendorStore.Api api, BatchPlan plan, VendorStore.Request request) {
    return books
        .hold(caller, plan)
        .compose(
            holds ->
                access
                    .keeper(plan.endpoint())
                    .ask(request)
                    .onFailure(refused -> books.giveBack(holds))
                    .compose(
                        body -> {
                          KeptObject batch =
                              KeptObject.of(BATCH, caller, plan.endpoint(), api, body)
                                  .underWay(plan);
                          books.keep(batch, holds);
                          return access
                              .save(batch)
                              .compose(saved -> settlement.claim(saved).map(saved));
                        }))
        .map(KeptObject::body);
  }

  /** What the vendor says of it now. An ended batch is in the usage ledger by then. */
  public Future<ObjectNode> find(Caller caller, VendorStore.Api api, String id) {
    return mine(caller, api, id).compose(settlement::refreshed).map(KeptObject::body);
  }

  /** The newest first; those that have not ended as the vendor last said. */
  public Future<List<ObjectNode>> all(Caller caller, VendorStore.Api api) {
    access.admit(caller);
    return access
        .all(caller, BATCH, api)
        .map(batches -> batches.stream().map(KeptObject::body).toList());
  }

  public Future<ObjectNode> cancel(Caller caller, VendorStore.Api api, String id) {
    return mine(caller, api, id)
        .compose(
            batch ->
                access
                    .keeper(batch)
                    .ask(
                        VendorStore.Request.post(
                            BatchSettlement.path(batch) + "/cancel", Map.of(), Buffer.buffer()))
                    .recover(failure -> Future.failedFuture(ObjectAccess.known(batch, failure)))
                    .map(batch::withBody)
                    .compose(now -> now.isEnded() ? settlement.refreshed(now) : access.save(now)))
        .map(KeptObject::body);
  }

  /** Removes an ended batch of Anthropic. */
  public Future<ObjectNode> delete(Caller caller, String id) {
    return mine(caller, VendorStore.Api.ANTHROPIC, id)
        .compose(settlement::refreshed)
        .map(BatchSettlement::booked)
        .compose(
            batch ->
                access
                    .keeper(batch)
                    .ask(VendorStore.Request.delete(BatchSettlement.path(batch)))
                    .recover(failure -> Future.failedFuture(ObjectAccess.known(batch, failure)))
                    .compose(gone -> access.forget(batch).map(gone)));
  }

  /** The answers of a batch of Anthropic; the response is paused. */
  public Future<HttpClientResponse> results(Caller caller, String id) {
    return mine(caller, VendorStore.Api.ANTHROPIC, id)
        .compose(settlement::refreshed)
        .compose(
            batch ->
                access
                    .keeper(batch)
                    .read(VendorStore.Request.get(BatchSettlement.path(batch) + "/results"))
                    .recover(failure -> Future.failedFuture(ObjectAccess.known(batch, failure))));
  }

  private Future<KeptObject> mine(Caller caller, VendorStore.Api api, String id) {
    access.admit(caller);
    return access.mine(caller, BATCH, api, id);
  }
}
