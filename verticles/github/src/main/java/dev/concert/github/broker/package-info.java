/**
 * Git between Concert and GitHub. A {@link dev.concert.github.broker.GitBroker} answers git and
 * passes it on with a token, which git never has; a {@link dev.concert.github.broker.GitGrant} says
 * which repository and which branch. A {@link dev.concert.github.broker.PushListener} is told of a
 * push before GitHub is.
 */
package dev.concert.github.broker;
