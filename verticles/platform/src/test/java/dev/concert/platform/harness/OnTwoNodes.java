package dev.concert.platform.harness;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The {@link RunningPlatform} of this class is a cluster of two JVMs: a gateway, and a node with
 * all other services. A class that extends another one runs the other's tests there.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface OnTwoNodes {}
