package dev.concert.ensemble.admin;

import dev.concert.ensemble.api.JsonReply;
import dev.concert.ensemble.compatible.Body;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/** Whom keys are given to. */
final class CustomerRoutes {
  private final Accounts accounts;

  CustomerRoutes(Accounts accounts) {
    this.accounts = accounts;
  }

  void add(Router router) {
    router.post("/customers").handler(this::create);
    router.get("/customers").handler(this::list);
    router.put("/customers/:id").handler(this::configure);
  }

  private void create(RoutingContext context) {
    CustomerForm.Asked asked = asked(context);
    accounts
        .changing(store -> store.addCustomer(asked.name(), asked.email(), asked.budget()))
        .onSuccess(made -> JsonReply.send(context.response(), 201, CustomerForm.of(made)))
        .onFailure(context::fail);
  }

  private void list(RoutingContext context) {
    accounts
        .reading(
            store ->
                new CustomerForm.All(store.customers().stream().map(CustomerForm::of).toList()))
        .onSuccess(all -> JsonReply.send(context.response(), 200, all))
        .onFailure(context::fail);
  }

  private void configure(RoutingContext context) {
    String id = context.pathParam("id");
    CustomerForm.Asked asked = asked(context);
    accounts
        .changing(store -> store.configureCustomer(id, asked.name(), asked.email(), asked.budget()))
        .map(
            found ->
                found.orElseThrow(
                    () ->
                        new ConcertException(
                            ErrorCode.NOT_FOUND, "There is no customer with this id.")))
        .onSuccess(changed -> JsonReply.send(context.response(), 200, CustomerForm.of(changed)))
        .onFailure(context::fail);
  }

  private static CustomerForm.Asked asked(RoutingContext context) {
    return CustomerForm.Asked.of(
        new Fields(Body.object(context.body().buffer()), CustomerForm.FIELDS));
  }
}
