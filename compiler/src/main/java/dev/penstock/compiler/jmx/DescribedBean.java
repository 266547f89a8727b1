package dev.penstock.compiler.jmx;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.Map;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanFeatureInfo;
import javax.management.MBeanInfo;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanParameterInfo;
import javax.management.NotificationBroadcasterSupport;
import javax.management.NotificationEmitter;
import javax.management.StandardEmitterMBean;
import org.jspecify.annotations.Nullable;

/**
 * An MXBean that says what its attributes and operations mean: the {@link Says} of its interface.
 */
final class DescribedBean extends StandardEmitterMBean {
  /** Of the interface, by name; null until the first is asked for. */
  private @Nullable Map<String, Method> methods;

  private <T> DescribedBean(T bean, Class<T> type, NotificationEmitter emitter) {
    super(bean, type, true, emitter);
  }

  static <T> DescribedBean of(T bean, Class<T> type) {
    return new DescribedBean(
        bean,
        type,
        bean instanceof NotificationEmitter e ? e : new NotificationBroadcasterSupport());
  }

  private synchronized @Nullable Method method(String name) {
    Map<String, Method> known = methods;
    if (known == null) {
      known = new HashMap<>();
      for (Method m : getMBeanInterface().getMethods()) {
        known.put(m.getName(), m);
      }
      methods = known;
    }
    return known.get(name);
  }

  private static String said(@Nullable AnnotatedElement by, String otherwise) {
    Says says = by == null ? null : by.getAnnotation(Says.class);
    return says == null ? otherwise : says.value();
  }

  @Override
  protected String getDescription(MBeanInfo info) {
    return said(getMBeanInterface(), info.getDescription());
  }

  @Override
  protected String getDescription(MBeanFeatureInfo info) {
    return info.getDescription();
  }

  @Override
  protected String getDescription(MBeanAttributeInfo info) {
    return said(method((info.isIs() ? "is" : "get") + info.getName()), info.getDescription());
  }

  @Override
  protected String getDescription(MBeanOperationInfo info) {
    return said(method(info.getName()), info.getDescription());
  }

  @Override
  protected String getDescription(MBeanOperationInfo of, MBeanParameterInfo info, int sequence) {
    Method method = method(of.getName());
    return said(method == null ? null : method.getParameters()[sequence], info.getDescription());
  }

  @Override
  protected String getParameterName(MBeanOperationInfo of, MBeanParameterInfo info, int sequence) {
    Method method = method(of.getName());
    return method == null ? info.getName() : method.getParameters()[sequence].getName();
  }

  @Override
  protected int getImpact(MBeanOperationInfo info) {
    return info.getReturnType().equals("boolean")
        ? MBeanOperationInfo.ACTION
        : MBeanOperationInfo.INFO;
  }
}
