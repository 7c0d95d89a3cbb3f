/** Real chat servers, unmodified: each test has one of its own, on this machine only. */
package dev.concert.testing.chatserver;
