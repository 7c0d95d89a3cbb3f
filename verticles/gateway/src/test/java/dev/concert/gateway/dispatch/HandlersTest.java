package dev.concert.gateway.dispatch;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.contract.ApiOperation;
import dev.concert.contract.ContractTable;
import dev.concert.protocol.ClientMessage;
import dev.concert.protocol.ServerEvent;
import dev.concert.protocol.SessionEvent;
import io.vertx.core.Future;
import java.util.List;
import org.junit.jupiter.api.Test;

class HandlersTest {
  private final Handlers handlers = new Handlers();

  @Test
  void aServedRowWithoutAHandlerIsNamedAtTheStart() {
    handlers.serve(ContractTable.PING, _ -> Future.succeededFuture(new ServerEvent.Pong(1L, 2)));

    handlers.complete(List.of(ContractTable.PING));
    assertThatThrownBy(() -> handlers.complete(List.of(ContractTable.PING, ContractTable.STEER)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("[steer]");
  }

  @Test
  void aPlannedRowNeedsNoHandlerAndMayNotHaveOne() {
    ApiOperation<ClientMessage.Steer, SessionEvent> planned = ContractTable.STEER.notServedYet();

    handlers.complete(List.of(planned));
    assertThatThrownBy(() -> handlers.serve(planned, _ -> Future.failedFuture("never")))
        .hasMessageContaining("steer");
  }

  @Test
  void aRowHasOneHandler() {
    handlers.serve(ContractTable.PING, _ -> Future.failedFuture("one"));
    assertThatThrownBy(() -> handlers.serve(ContractTable.PING, _ -> Future.failedFuture("two")))
        .hasMessageContaining("ping");
  }
}
