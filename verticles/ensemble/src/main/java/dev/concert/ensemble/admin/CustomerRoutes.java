package dev.concert.ensemble.admin;

import dev.concert.ensemble.compatible.VendorJson;
import dev.concert.ensemble.http.JsonResponse;
import dev.concert.ensemble.http.RequestBodyHandler;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/** The routes of customers, to whom API keys are issued. */
final class CustomerRoutes {
  private final AsyncKeyStore accounts;

  CustomerRoutes(AsyncKeyStore accounts) {
    this.accounts = accounts;
  }

  void add(Router router) {
    router.post("/customers").handler(this::create);
    router.get("/customers").handler(this::list);
    router.put("/customers/:id").handler(this::configure);
  }

  private void create(RoutingContext context) {
    CustomerBody.Submitted asked = asked(context);
    accounts
        .changing(store -> store.addCustomer(asked.name(), asked.email(), asked.budget()))
        .onSuccess(made -> JsonResponse.send(context.response(), 201, CustomerBody.of(made)))
        .onFailure(context::fail);
  }

  private void list(RoutingContext context) {
    accounts
        .reading(
            store ->
                new CustomerBody.All(store.customers().stream().map(CustomerBody::of).toList()))
        .onSuccess(all -> JsonResponse.send(context.response(), 200, all))
        .onFailure(context::fail);
  }

  private void configure(RoutingContext context) {
    String id = context.pathParam("id");
    CustomerBody.Submitted asked = asked(context);
    accounts
        .changing(store -> store.configureCustomer(id, asked.name(), asked.email(), asked.budget()))
        .map(
            found ->
                found.orElseThrow(
                    () ->
                        new ConcertException(
                            ErrorCode.NOT_FOUND, "There is no customer with this id.")))
        .onSuccess(changed -> JsonResponse.send(context.response(), 200, CustomerBody.of(changed)))
        .onFailure(context::fail);
  }

  private static CustomerBody.Submitted asked(RoutingContext context) {
    return CustomerBody.Submitted.of(
        new AdminFields(VendorJson.object(RequestBodyHandler.body(context)), CustomerBody.FIELDS));
  }
}
