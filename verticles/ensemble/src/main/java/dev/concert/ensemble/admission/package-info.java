/**
 * Admission: whether an API key may make a call, by model and by its limits of requests and tokens
 * per minute.
 */
package dev.concert.ensemble.admission;
