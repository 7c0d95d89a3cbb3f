/** Reads a request: {@code Clauses} splits it, the rules turn each part into tasks. */
package dev.concert.ensemble.demo.instruction;
