package dev.concert.ensemble.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.api.JsonReply;
import dev.concert.ensemble.compatible.Body;
import dev.concert.ensemble.key.ApiKey;
import dev.concert.ensemble.key.KeySettings;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Making, changing and ending keys. */
final class KeyRoutes {
  private static final String CUSTOMER = "customer_id";
  private static final String STATUS = "status";
  private static final int LONGEST_ID = 100;

  private final Accounts accounts;

  KeyRoutes(Accounts accounts) {
    this.accounts = accounts;
  }

  void add(Router router) {
    router.post("/keys").handler(this::create);
    router.get("/keys").handler(this::list);
    router.get("/keys/:id/config").handler(this::show);
    router.put("/keys/:id/config").handler(this::configure);
    router.post("/keys/:id/status").handler(this::setStatus);
    router.post("/keys/:id/revoke").handler(this::revoke);
  }

  private void create(RoutingContext context) {
    Set<String> known = new HashSet<>(KeyForm.SETTINGS);
    known.add(CUSTOMER);
    Fields fields = new Fields(Body.object(context.body().buffer()), known);
    String customer = fields.text(CUSTOMER, LONGEST_ID);
    KeySettings settings = KeyForm.settings(fields);
    accounts
        .changing(store -> store.addKey(customer, settings))
        .onSuccess(made -> JsonReply.send(context.response(), 201, KeyForm.fresh(made)))
        .onFailure(context::fail);
  }

  private void list(RoutingContext context) {
    Optional<String> customer = Optional.ofNullable(context.request().getParam(CUSTOMER));
    accounts
        .reading(
            store ->
                new KeyForm.All(
                    store.keys().stream()
                        .filter(key -> customer.map(key.customerId()::equals).orElse(true))
                        .map(KeyForm::shown)
                        .toList()))
        .onSuccess(all -> JsonReply.send(context.response(), 200, all))
        .onFailure(context::fail);
  }

  private void show(RoutingContext context) {
    String id = context.pathParam("id");
    answer(context, accounts.reading(store -> store.key(id)));
  }

  private void configure(RoutingContext context) {
    String id = context.pathParam("id");
    ObjectNode asked = Body.object(context.body().buffer());
    answer(
        context,
        accounts.changing(
            store -> store.configure(id, now -> KeyForm.settings(KeyForm.changed(now, asked)))));
  }

  private void setStatus(RoutingContext context) {
    String id = context.pathParam("id");
    Fields fields = new Fields(Body.object(context.body().buffer()), Set.of(STATUS));
    ApiKey.Status status =
        fields
            .word(STATUS, ApiKey.Status.class)
            .filter(wanted -> wanted != ApiKey.Status.REVOKED)
            .orElseThrow(() -> Fields.wrong(STATUS, "must be enabled or disabled"));
    answer(context, accounts.changing(store -> store.set(id, status)));
  }

  private void revoke(RoutingContext context) {
    String id = context.pathParam("id");
    answer(context, accounts.changing(store -> store.set(id, ApiKey.Status.REVOKED)));
  }

  private static void answer(RoutingContext context, Future<Optional<ApiKey>> key) {
    key.map(
            found ->
                found.orElseThrow(
                    () ->
                        new ConcertException(ErrorCode.NOT_FOUND, "There is no key with this id.")))
        .onSuccess(shown -> JsonReply.send(context.response(), 200, KeyForm.shown(shown)))
        .onFailure(context::fail);
  }
}
