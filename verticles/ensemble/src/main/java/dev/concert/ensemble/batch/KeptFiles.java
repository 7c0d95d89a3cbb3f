package dev.concert.ensemble.batch;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.access.Caller;
import dev.concert.ensemble.compatible.ClientBody;
import dev.concert.ensemble.compatible.VendorJson;
import dev.concert.ensemble.message.MultipartForm;
import dev.concert.ensemble.provider.Provider;
import dev.concert.ensemble.provider.VendorStore;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The files that vendors keep for keys. Use it on the context of the verticle. */
public final class KeptFiles {
  private static final String PATH = "/files";

  private final ObjectAccess access;
  private final BatchLines lines;

  KeptFiles(ObjectAccess access, BatchLines lines) {
    this.access = access;
    this.lines = lines;
  }

  /**
   * A form that may be passed on.
   *
   * @param plan of the lines of a batch
   */
  private record Form(Buffer body, String endpoint, Optional<BatchPlan> plan) {}

  /** Passes a file on; the lines of a batch only if each of them may be asked. */
  public Future<ObjectNode> upload(Caller caller, VendorStore.Api api, ClientBody sent) {
    access.admit(caller);
    return access
        .vertx()
        .executeBlocking(() -> form(caller, api, sent), false)
        .compose(
            form -> {
              Map<String, String> headers = new HashMap<>(sent.headers());
              headers.put("content-type", sent.contentType());
              return access
                  .keeper(form.endpoint())
                  .ask(VendorStore.Request.post(PATH, headers, form.body()))
                  .map(body -> kept(caller, api, form, body));
            })
        .compose(access::save)
        .map(KeptObject::body);
  }

  private static KeptObject kept(Caller caller, VendorStore.Api api, Form form, ObjectNode body) {
    KeptObject file = KeptObject.of(KeptObject.Kind.FILE, caller, form.endpoint(), api, body);
    return form.plan().map(file::withLines).orElse(file);
  }

  private Form form(Caller caller, VendorStore.Api api, ClientBody sent) {
    byte[] bytes = sent.bytes().getBytes();
    MultipartForm form =
        MultipartForm.read(sent.contentType(), bytes)
            .orElseThrow(
                () ->
                    new ConcertException(
                        ErrorCode.INVALID_MESSAGE,
                        "The body must be multipart/form-data, with one name for each part."));
    byte[] content =
        form.content("file").orElseThrow(() -> VendorJson.wrong("file", "is required"));
    if (api == VendorStore.Api.OPENAI && form.text("purpose").filter("batch"::equals).isPresent()) {
      BatchLines.Checked checked = lines.ofFile(caller, content);
      return new Form(
          Buffer.buffer(form.withFile("file", checked.body().getBytes())),
          checked.plan().endpoint(),
          Optional.of(checked.plan()));
    }
    Provider keeper = access.keeperOf(api);
    return new Form(sent.bytes(), keeper.endpoint(), Optional.empty());
  }

  public Future<List<ObjectNode>> all(Caller caller, VendorStore.Api api) {
    access.admit(caller);
    return access
        .all(caller, KeptObject.Kind.FILE, api)
        .map(files -> files.stream().map(KeptObject::body).toList());
  }

  public Future<ObjectNode> find(Caller caller, VendorStore.Api api, String id) {
    return mine(caller, api, id)
        .compose(
            file ->
                access
                    .keeper(file)
                    .ask(VendorStore.Request.get(PATH + '/' + id))
                    .recover(failure -> Future.failedFuture(ObjectAccess.known(file, failure)))
                    .compose(body -> access.save(file.withBody(body))))
        .map(KeptObject::body);
  }

  /** The response is paused. */
  public Future<HttpClientResponse> content(Caller caller, VendorStore.Api api, String id) {
    return mine(caller, api, id)
        .compose(
            file ->
                access
                    .keeper(file)
                    .read(VendorStore.Request.get(PATH + '/' + id + "/content"))
                    .recover(failure -> Future.failedFuture(ObjectAccess.known(file, failure))));
  }

  public Future<ObjectNode> delete(Caller caller, VendorStore.Api api, String id) {
    return mine(caller, api, id)
        .compose(
            file ->
                access
                    .keeper(file)
                    .ask(VendorStore.Request.delete(PATH + '/' + id))
                    .recover(failure -> Future.failedFuture(ObjectAccess.known(file, failure)))
                    .compose(gone -> access.forget(file).map(gone)));
  }

  private Future<KeptObject> mine(Caller caller, VendorStore.Api api, String id) {
    access.admit(caller);
    return access.mine(caller, KeptObject.Kind.FILE, api, id);
  }
}
