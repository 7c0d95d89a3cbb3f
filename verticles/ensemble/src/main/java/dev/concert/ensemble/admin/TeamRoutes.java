package dev.concert.ensemble.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.compatible.VendorJson;
import dev.concert.ensemble.http.JsonResponse;
import dev.concert.ensemble.http.RequestBodyHandler;
import dev.concert.ensemble.key.KeySettings;
import dev.concert.ensemble.key.Team;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Creates, lists, changes and deletes teams, whose settings bind all of their keys. */
final class TeamRoutes {
  private static final String CUSTOMER = "customer_id";
  private static final int LONGEST_ID = 100;

  private final AsyncKeyStore accounts;
  private final Predicate<String> isModel;

  /**
   * @param isModel whether clients can name this model
   */
  TeamRoutes(AsyncKeyStore accounts, Predicate<String> isModel) {
    this.accounts = accounts;
    this.isModel = isModel;
  }

  void add(Router router) {
    router.post("/teams").handler(this::create);
    router.get("/teams").handler(this::list);
    router.get("/teams/:id").handler(this::show);
    router.put("/teams/:id").handler(this::configure);
    router.delete("/teams/:id").handler(this::delete);
  }

  private void create(RoutingContext context) {
    Set<String> known = new HashSet<>(KeyBody.SETTINGS_OF_TEAM);
    known.add(CUSTOMER);
    AdminFields fields =
        new AdminFields(VendorJson.object(RequestBodyHandler.body(context)), known);
    String customer = fields.text(CUSTOMER, LONGEST_ID);
    KeySettings settings = KeyBody.checked(KeyBody.settings(fields), isModel);
    accounts
        .changing(store -> store.teams().add(customer, settings))
        .onSuccess(made -> JsonResponse.send(context.response(), 201, TeamBody.of(made)))
        .onFailure(context::fail);
  }

  private void list(RoutingContext context) {
    Optional<String> customer = Optional.ofNullable(context.request().getParam(CUSTOMER));
    accounts
        .reading(
            store ->
                new TeamBody.All(
                    store.teams().all().stream()
                        .filter(team -> customer.map(team.customerId()::equals).orElse(true))
                        .map(TeamBody::of)
                        .toList()))
        .onSuccess(all -> JsonResponse.send(context.response(), 200, all))
        .onFailure(context::fail);
  }

  private void show(RoutingContext context) {
    String id = context.pathParam("id");
    answer(context, accounts.reading(store -> store.teams().find(id)));
  }

  private void configure(RoutingContext context) {
    String id = context.pathParam("id");
    ObjectNode asked = VendorJson.object(RequestBodyHandler.body(context));
    answer(
        context,
        accounts.changing(
            store ->
                store
                    .teams()
                    .configure(
                        id,
                        now ->
                            KeyBody.changed(
                                now,
                                KeyBody.changed(now, asked, KeyBody.SETTINGS_OF_TEAM),
                                isModel))));
  }

  /** With {@code keys=revoke} the keys of the team are revoked; otherwise it must have none. */
  private void delete(RoutingContext context) {
    String id = context.pathParam("id");
    Optional<String> keys = Optional.ofNullable(context.request().getParam("keys"));
    if (keys.isPresent() && !keys.get().equals("revoke")) {
      throw AdminFields.wrong("keys", "must be revoke, or left out");
    }
    accounts
        .changing(store -> store.teams().delete(id, keys.isPresent()))
        .map(found -> found.orElseThrow(TeamRoutes::unknown))
        .onSuccess(
            gone ->
                JsonResponse.send(
                    context.response(), 200, new TeamBody.Deleted(id, true, gone.keys())))
        .onFailure(context::fail);
  }

  private static ConcertException unknown() {
    return new ConcertException(ErrorCode.NOT_FOUND, "There is no team with this id.");
  }

  private static void answer(RoutingContext context, Future<Optional<Team>> team) {
    team.map(found -> found.orElseThrow(TeamRoutes::unknown))
        .onSuccess(shown -> JsonResponse.send(context.response(), 200, TeamBody.of(shown)))
        .onFailure(context::fail);
  }
}
