/**
 * Diminuendo, the gateway: the only door for clients. It authenticates, checks and answers
 * requests, keeps the sessions and their events, and has agents work through Podium; it runs no
 * agent code itself.
 */
package dev.concert.gateway;
