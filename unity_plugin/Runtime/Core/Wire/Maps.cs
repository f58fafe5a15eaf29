using System.Collections.Generic;

namespace Sentio
{
    /// <summary>Reads the maps of details, events and replies with care: what is missing or of another type is the
    /// fallback.</summary>
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

        /// <summary>Whether it says yes.</summary>
        public static bool Flag(IDictionary<string, object> map, string key) { return true.Equals(Get(map, key)); }

        /// <summary>A map in it; null where there is none.</summary>
        public static Dictionary<string, object> Child(IDictionary<string, object> map, string key)
        {
            return Get(map, key) as Dictionary<string, object>;
        }

        /// <summary>A list in it; empty where there is none.</summary>
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
