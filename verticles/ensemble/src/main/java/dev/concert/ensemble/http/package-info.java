/**
 * What all HTTP routes share: authentication, request ids, errors, JSON, and the settings of the
 * server.
 */
package dev.concert.ensemble.http;
