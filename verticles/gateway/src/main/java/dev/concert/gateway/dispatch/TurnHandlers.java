package dev.concert.gateway.dispatch;

import dev.concert.contract.ContractTable;

/** Starts, stops and guides the turns of a session. */
public record TurnHandlers(SessionScope scope) {

  public void register(Handlers handlers) {
    handlers
        .serve(
            ContractTable.RUN_TURN,
            scope.onSession(
                (session, request) -> session.runTurn(request.who(), request.message())))
        .serve(ContractTable.STOP_TURN, scope.onSession((session, _) -> session.stopTurn()))
        .serve(
            ContractTable.STEER,
            scope.onSession(
                (session, request) -> session.steer(request.who(), request.message().text())))
        .serve(
            ContractTable.ANSWER_QUESTION,
            scope.onSession(
                (session, request) -> session.answer(request.who(), request.message())));
  }
}
