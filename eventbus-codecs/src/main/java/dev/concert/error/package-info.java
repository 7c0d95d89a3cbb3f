/**
 * Errors as values. An {@link dev.concert.error.ErrorCode} has a number, an HTTP status and advice;
 * a {@link dev.concert.error.Problem} is a code with a sentence for the user.
 */
package dev.concert.error;
