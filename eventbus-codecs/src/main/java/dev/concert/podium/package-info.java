/**
 * Messages to and from Podium: an instance is a running agent with its workspace; an epoch is one
 * process of it.
 */
package dev.concert.podium;
