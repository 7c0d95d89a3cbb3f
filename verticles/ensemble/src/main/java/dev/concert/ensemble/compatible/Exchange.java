package dev.concert.ensemble.compatible;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;

/** One HTTP exchange, as far as its answer is concerned. */
public record Exchange(Vertx vertx, HttpServerResponse response, String requestId) {}
