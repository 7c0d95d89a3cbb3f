/** The one JSON mapper that every part of Concert reads and writes records with. */
package dev.concert.json;
