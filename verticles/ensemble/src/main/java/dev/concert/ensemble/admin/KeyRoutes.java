package dev.concert.ensemble.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.compatible.VendorJson;
import dev.concert.ensemble.http.JsonResponse;
import dev.concert.ensemble.http.RequestBodyHandler;
import dev.concert.ensemble.key.ApiKey;
import dev.concert.ensemble.key.KeySettings;
import dev.concert.ensemble.key.KeyStore;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Creates, lists, changes and revokes API keys. */
final class KeyRoutes {
  private static final String CUSTOMER = "customer_id";
  private static final String STATUS = "status";
  private static final String OVERLAP = "overlap_seconds";
  private static final Duration USUAL_OVERLAP = Duration.ofHours(1);
  private static final int LONGEST_ID = 100;

  private final AsyncKeyStore accounts;
  private final Predicate<String> isModel;

  /**
   * @param isModel whether clients can name this model
   */
  KeyRoutes(AsyncKeyStore accounts, Predicate<String> isModel) {
    this.accounts = accounts;
    this.isModel = isModel;
  }

  void add(Router router) {
    router.post("/keys").handler(this::create);
    router.get("/keys").handler(this::list);
    router.get("/keys/:id/config").handler(this::show);
    router.put("/keys/:id/config").handler(this::configure);
    router.post("/keys/:id/status").handler(this::setStatus);
    router.post("/keys/:id/rotate").handler(this::rotate);
    router.post("/keys/:id/revoke").handler(this::revoke);
  }

  private void create(RoutingContext context) {
    Set<String> known = new HashSet<>(KeyBody.SETTINGS);
    known.add(CUSTOMER);
    AdminFields fields =
        new AdminFields(VendorJson.object(RequestBodyHandler.body(context)), known);
    String customer = fields.text(CUSTOMER, LONGEST_ID);
    KeySettings settings = KeyBody.checked(KeyBody.settings(fields), isModel);
    accounts
        .changing(store -> store.addKey(customer, settings))
        .onSuccess(made -> JsonResponse.send(context.response(), 201, KeyBody.fresh(made)))
        .onFailure(context::fail);
  }

  private void list(RoutingContext context) {
    Optional<String> customer = Optional.ofNullable(context.request().getParam(CUSTOMER));
    accounts
        .reading(
            store ->
                new KeyBody.All(
                    store.keys().stream()
                        .filter(key -> customer.map(key.customerId()::equals).orElse(true))
                        .map(KeyBody::shown)
                        .toList()))
        .onSuccess(all -> JsonResponse.send(context.response(), 200, all))
        .onFailure(context::fail);
  }

  private void show(RoutingContext context) {
    String id = context.pathParam("id");
    answer(context, accounts.reading(store -> store.key(id)));
  }

  private void configure(RoutingContext context) {
    String id = context.pathParam("id");
    ObjectNode asked = VendorJson.object(RequestBodyHandler.body(context));
    answer(
        context,
        accounts.changing(
            store ->
                store.configure(
                    id,
                    now ->
                        KeyBody.changed(
                            now, KeyBody.changed(now, asked, KeyBody.SETTINGS), isModel))));
  }

  /** The new secret is shown only once. */
  private void rotate(RoutingContext context) {
    String id = context.pathParam("id");
    AdminFields fields =
        new AdminFields(VendorJson.object(RequestBodyHandler.body(context)), Set.of(OVERLAP));
    Duration overlap =
        Duration.ofSeconds(
            fields.number(
                OVERLAP, 0, KeyStore.LONGEST_OVERLAP.toSeconds(), USUAL_OVERLAP.toSeconds()));
    accounts
        .changing(store -> store.rotate(id, overlap))
        .map(found -> found.orElseThrow(KeyRoutes::unknown))
        .onSuccess(made -> JsonResponse.send(context.response(), 200, KeyBody.fresh(made)))
        .onFailure(context::fail);
  }

  private void setStatus(RoutingContext context) {
    String id = context.pathParam("id");
    AdminFields fields =
        new AdminFields(VendorJson.object(RequestBodyHandler.body(context)), Set.of(STATUS));
    ApiKey.Status status =
        fields
            .word(STATUS, ApiKey.Status.class)
            .filter(wanted -> wanted != ApiKey.Status.REVOKED)
            .orElseThrow(() -> AdminFields.wrong(STATUS, "must be enabled or disabled"));
    answer(context, accounts.changing(store -> store.set(id, status)));
  }

  private void revoke(RoutingContext context) {
    String id = context.pathParam("id");
    answer(context, accounts.changing(store -> store.set(id, ApiKey.Status.REVOKED)));
  }

  private static ConcertException unknown() {
    return new ConcertException(ErrorCode.NOT_FOUND, "There is no key with this id.");
  }

  private static void answer(RoutingContext context, Future<Optional<ApiKey>> key) {
    key.map(found -> found.orElseThrow(KeyRoutes::unknown))
        .onSuccess(shown -> JsonResponse.send(context.response(), 200, KeyBody.shown(shown)))
        .onFailure(context::fail);
  }
}
