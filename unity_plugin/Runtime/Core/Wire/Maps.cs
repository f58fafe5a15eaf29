using System.Collections.Generic;

namespace Sentio
{
    /// <summary>Reads values of the untyped maps of details, events and replies; a missing value or one of another
    /// type gives the fallback.</summary>
    public static class Maps
    {
        private static readonly object[] Nothing = new object[0];

        /// <summary>A text.</summary>
        public static string Text(IDictionary<string, object> map, string key, string fallback = "")
        {
            return Get(map, key) as string ?? fallback;
        }

        /// <summary>A number, whole or not.</summary>
        public static double Number(IDictionary<string, object> map, string key, double fallback)
        {
            object value = Get(map, key);
            return value is double ? (double)value : value is float ? (float)value : value is long ? (long)value : fallback;
        }

        /// <summary>A boolean; false if it is missing.</summary>
        public static bool Flag(IDictionary<string, object> map, string key) { return true.Equals(Get(map, key)); }

        /// <summary>A nested map; null if there is none.</summary>
        public static Dictionary<string, object> Child(IDictionary<string, object> map, string key)
        {
            return Get(map, key) as Dictionary<string, object>;
        }

        /// <summary>A nested list; empty if there is none.</summary>
        public static IEnumerable<object> List(IDictionary<string, object> map, string key)
        {
            return Get(map, key) as IEnumerable<object> ?? Nothing;
        }

        private static object Get(IDictionary<string, object> map, string key)
        {
            object value = null;
            if (map != null) map.TryGetValue(key, out value);
            return value;
        }
    }
}
