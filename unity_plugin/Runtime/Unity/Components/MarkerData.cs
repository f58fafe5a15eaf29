using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using Sentio.Behaviour;
using UnityEngine;

namespace Sentio
{
    /// <summary>Makes the data of a marker of what can be sent: null, truth values, numbers, texts, lists, maps.</summary>
    /// <remarks>Vectors, quaternions, rectangles and colours become lists of numbers; enumerations, identifiers and
    /// dates become texts. Other objects cannot be sent.</remarks>
    internal static class MarkerData
    {
        /// <summary>Most characters of a marker's name (PROTOCOL.md, section 6).</summary>
        private const int MostName = 256;

        /// <summary>The map to send; null, with a warning in the console, if something cannot be sent.</summary>
        public static Dictionary<string, object> Of(string name, Dictionary<string, object> data)
        {
            try
            {
                if (string.IsNullOrEmpty(name) || name.Length > MostName)
                    throw new ArgumentException("a marker's name has 1 to " + MostName + " characters, got " + (name ?? "").Length);
                EntryNames.CheckMarker(name);
                Dictionary<string, object> plain = data == null ? new Dictionary<string, object>() : Map(data, "data", 0);
                // What a sidecar would not read is refused here, where the warning names it.
                new MsgpackWriter().WriteMap(new Dictionary<string, object> { { "name", name }, { "data", plain } });
                return plain;
            }
            catch (ArgumentException error)
            {
                string shown = name != null && name.Length > 40 ? name.Substring(0, 40) : name;
                Debug.LogWarning("The marker '" + shown + "' was not sent: " + error.Message);
                return null;
            }
        }

        private static object Plain(object value, string where, int depth)
        {
            if (depth > MsgpackReader.MaxDepth) throw new ArgumentException(where + " is nested deeper than " + MsgpackReader.MaxDepth);
            if (value == null || value is bool || value is string) return value;
            if (value is float || value is double || value is decimal) return Number(Convert.ToDouble(value, CultureInfo.InvariantCulture), where);
            if (value is Enum || value is char || value is Guid) return value.ToString();
            if (value is DateTime) return ((DateTime)value).ToString("o", CultureInfo.InvariantCulture);
            if (value is DateTimeOffset) return ((DateTimeOffset)value).ToString("o", CultureInfo.InvariantCulture);
            if (value is TimeSpan) return Number(((TimeSpan)value).TotalSeconds, where);
            if (value is ulong && (ulong)value > long.MaxValue) throw new ArgumentException(where + " is above " + long.MaxValue);
            if (value is int || value is long || value is short || value is byte || value is sbyte || value is ushort || value is uint || value is ulong)
                return Convert.ToInt64(value, CultureInfo.InvariantCulture);
            if (value is IDictionary) return Map((IDictionary)value, where, depth);
            if (value is IEnumerable && !(value is UnityEngine.Object)) return List((IEnumerable)value, where, depth);
            float[] numbers = Numbers(value);
            if (numbers != null) return List(numbers, where, depth);
            throw new ArgumentException(where + " is a " + value.GetType().Name + ": send numbers, texts, truth values, lists and maps");
        }

        private static object Number(double value, string where)
        {
            if (!Elapsed.IsFinite(value)) throw new ArgumentException(where + " is " + value.ToString(CultureInfo.InvariantCulture) + ": send null for unknown");
            return value;
        }

        private static Dictionary<string, object> Map(IDictionary map, string where, int depth)
        {
            var all = new Dictionary<string, object>();
            foreach (DictionaryEntry entry in map)
            {
                string key = Convert.ToString(entry.Key, CultureInfo.InvariantCulture);
                if (all.ContainsKey(key)) throw new ArgumentException(where + " has two keys that are both the text '" + key + "'");
                all[key] = Plain(entry.Value, where + "." + key, depth + 1);
            }
            return all;
        }

        private static object[] List(IEnumerable items, string where, int depth)
        {
            var all = new List<object>();
            foreach (object item in items) all.Add(Plain(item, where + "[" + all.Count + "]", depth + 1));
            return all.ToArray();
        }

        private static float[] Numbers(object value)
        {
            if (value is Vector2) return new[] { ((Vector2)value).x, ((Vector2)value).y };
            if (value is Vector3) return new[] { ((Vector3)value).x, ((Vector3)value).y, ((Vector3)value).z };
            if (value is Vector4) return new[] { ((Vector4)value).x, ((Vector4)value).y, ((Vector4)value).z, ((Vector4)value).w };
            if (value is Quaternion) return new[] { ((Quaternion)value).x, ((Quaternion)value).y, ((Quaternion)value).z, ((Quaternion)value).w };
            if (value is Color) return new[] { ((Color)value).r, ((Color)value).g, ((Color)value).b, ((Color)value).a };
            if (value is Vector2Int) return new float[] { ((Vector2Int)value).x, ((Vector2Int)value).y };
            if (value is Vector3Int) return new float[] { ((Vector3Int)value).x, ((Vector3Int)value).y, ((Vector3Int)value).z };
            if (value is Rect) return new[] { ((Rect)value).x, ((Rect)value).y, ((Rect)value).width, ((Rect)value).height };
            if (value is Color32) return Numbers((Color)(Color32)value);
            return null;
        }
    }
}
