using System;
using System.Collections.Generic;
using UnityEngine;

namespace Sentio
{
    /// <summary>Entries of a frame by their names on the wire, for names that come from data.</summary>
    /// <remarks>In code, <see cref="AffectEntry"/> is checked by the compiler. An unknown name is reported once in the
    /// console, with the nearest name.</remarks>
    public static class EntryNames
    {
        // A game that makes names up is not warned for ever.
        private const int MostWarnings = 64;
        private const int MostLetters = 64;

        private static readonly string[] Markers = { "challenge", "success", "failure" };
        private static readonly HashSet<string> Warned = new HashSet<string>();

        /// <summary>An entry by its name on the wire, or NaN if it is not known or there is none.</summary>
        public static float Value(this AffectFrame frame, string name) { return frame.Value(name, float.NaN); }

        /// <summary>An entry by its name on the wire, or <paramref name="unknown"/> if it is not known or there is
        /// none.</summary>
        public static float Value(this AffectFrame frame, string name, float unknown)
        {
            AffectEntry entry;
            if (AffectNames.TryParse(name, out entry)) return frame.Value(entry, unknown);
            if (!string.IsNullOrEmpty(name) && IsNew(name))
            {
                string near = Nearest(name, All(), 0.6);
                Debug.LogWarning("The affect vector has no entry '" + Shown(name) + "'" + (near == null ? "" : "; did you mean '" + near + "'?"));
            }
            return unknown;
        }

        /// <summary>Warns once if a marker is nearly one that the appraisal reads.</summary>
        internal static void CheckMarker(string name)
        {
            if (Array.IndexOf(Markers, name) >= 0) return;
            string near = Nearest(name, Markers, 0.75);
            if (near != null && IsNew("marker " + name))
                Debug.LogWarning("The appraisal reads the marker '" + near + "', not '" + Shown(name) + "': is it a typing error?");
        }

        /// <summary>The name that needs the fewest typing errors, at most 1 - <paramref name="least"/> of its letters;
        /// null if there is none.</summary>
        internal static string Nearest(string name, IEnumerable<string> known, double least)
        {
            string plain = Shown(name).ToLowerInvariant(), best = null;
            double most = least;
            foreach (string other in known)
            {
                double alike = 1.0 - Distance(plain, other) / (double)Math.Max(plain.Length, other.Length);
                if (alike < most || alike == most && best != null) continue;
                best = other;
                most = alike;
            }
            return best;
        }

        private static IEnumerable<string> All()
        {
            for (int i = 0; i < AffectNames.Count; i++) yield return AffectNames.Of((AffectEntry)i);
        }

        private static string Shown(string name) { return name.Length > MostLetters ? name.Substring(0, MostLetters) : name; }

        private static bool IsNew(string name) { return Warned.Count < MostWarnings && Warned.Add(name); }

        // Letters to insert, remove or replace (Levenshtein).
        private static int Distance(string one, string other)
        {
            var row = new int[other.Length + 1];
            for (int j = 0; j <= other.Length; j++) row[j] = j;
            for (int i = 1; i <= one.Length; i++)
            {
                int before = row[0];
                row[0] = i;
                for (int j = 1; j <= other.Length; j++)
                {
                    int replaced = before + (one[i - 1] == other[j - 1] ? 0 : 1);
                    before = row[j];
                    row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
                }
            }
            return row[other.Length];
        }
    }
}
