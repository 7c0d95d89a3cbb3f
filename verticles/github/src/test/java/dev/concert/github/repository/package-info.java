/** Repositories as members read and write them. */
package dev.concert.github.repository;
