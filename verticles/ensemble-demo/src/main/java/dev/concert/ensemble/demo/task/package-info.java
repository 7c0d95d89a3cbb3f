/**
 * Tasks: what a request asks for. A {@code Task} decides its next move from the tool calls so far
 * ({@code ToolExchange}) and keeps no state.
 */
package dev.concert.ensemble.demo.task;
