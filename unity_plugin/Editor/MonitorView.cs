using System.Collections.Generic;
using System.Globalization;
using UnityEditor;
using UnityEngine;

namespace Sentio.EditorTools
{
    /// <summary>Draws the monitor window.</summary>
    internal sealed class MonitorView
    {
        private static readonly AffectEntry[] Followed =
        {
            AffectEntry.Valence, AffectEntry.Arousal, AffectEntry.Stress, AffectEntry.Engagement, AffectEntry.HeartRate,
        };

        private static readonly Color[] Tones =
        {
            new Color(0.35f, 0.75f, 0.65f), new Color(0.95f, 0.55f, 0.35f), new Color(0.9f, 0.4f, 0.5f),
            new Color(0.95f, 0.75f, 0.3f), new Color(0.55f, 0.65f, 0.95f),
        };

        private readonly Course[] _courses = new Course[Followed.Length];
        private Vector2 _scrolled;
        private bool _all;

        internal MonitorView() { for (int i = 0; i < _courses.Length; i++) _courses[i] = new Course(); }

        internal void Note(double now, AffectFrame frame)
        {
            for (int i = 0; i < Followed.Length; i++) _courses[i].Note(now, frame == null ? float.NaN : frame.Value(Followed[i]));
        }

        internal void Draw(MonitorSource source, double now)
        {
            EditorGUILayout.LabelField(source.Link + (source.Feed ? "  (" + source.Feed.GetType().Name + ")" : ""), EditorStyles.boldLabel);
            EditorGUILayout.LabelField(source.Reason, EditorStyles.wordWrappedLabel);
            Numbers(source, now);
            _scrolled = EditorGUILayout.BeginScrollView(_scrolled);
            for (int i = 0; i < Followed.Length; i++) Value(source.Frame, Followed[i], _courses[i], Tones[i]);
            Modalities(source.Detail);
            string why = Maps.Text(source.Detail, "why");
            if (why.Length > 0) EditorGUILayout.LabelField(why, EditorStyles.wordWrappedLabel);
            foreach (string line in source.Log) EditorGUILayout.LabelField(line, EditorStyles.miniLabel);
            _all = EditorGUILayout.Foldout(_all, "All entries");
            if (_all) All(source.Frame);
            EditorGUILayout.EndScrollView();
        }

        internal static string Latency(double seconds)
        {
            return double.IsNaN(seconds) ? "unknown" : (1000 * seconds).ToString("0", CultureInfo.InvariantCulture) + " ms";
        }

        private static void Numbers(MonitorSource source, double now)
        {
            ClientCounters lost = source.Counters;
            EditorGUILayout.LabelField("Sensor to here", Latency(source.Latency));
            EditorGUILayout.LabelField("A second", string.Format(CultureInfo.InvariantCulture, "{0:0.0} states, {1:0.0} details, {2:0.0} events",
                source.States.Rate(now), source.Details.Rate(now), source.Events.Rate(now)));
            EditorGUILayout.LabelField("Dropped", string.Format(CultureInfo.InvariantCulture, "{0} superseded, {1} too old, {2} events missed, {3} malformed",
                lost.Superseded, lost.Outdated, lost.MissedEvents, lost.Malformed));
        }

        private static void Value(AffectFrame frame, AffectEntry entry, Course course, Color tone)
        {
            bool known = frame != null && frame.Has(entry);
            EditorGUILayout.LabelField(AffectNames.Of(entry), known ? Text(frame, entry) : "unknown");
            Rect place = EditorGUILayout.GetControlRect(false, 28);
            EditorGUI.DrawRect(place, new Color(0, 0, 0, 0.15f));
            float low = entry <= AffectEntry.Arousal ? -1 : entry == AffectEntry.HeartRate ? 40 : 0;
            float high = entry == AffectEntry.HeartRate ? 160 : 1;
            float width = place.width / Course.Steps;
            for (int i = 0; i < Course.Steps; i++)
            {
                float value = course.Ago(i);
                if (float.IsNaN(value)) continue;
                float y = place.yMax - 2 - (place.height - 2) * Mathf.InverseLerp(low, high, value);
                EditorGUI.DrawRect(new Rect(place.xMax - (i + 1) * width, y, Mathf.Max(width, 1), 2), tone);
            }
        }

        private static string Text(AffectFrame frame, AffectEntry entry)
        {
            string value = frame.Value(entry).ToString("0.00", CultureInfo.InvariantCulture);
            AffectEntry deviation;
            bool has = AffectNames.TryParse(AffectNames.Of(entry) + "_sd", out deviation) && frame.Has(deviation);
            return has ? value + " +- " + frame.Value(deviation).ToString("0.00", CultureInfo.InvariantCulture) : value;
        }

        private static void Modalities(Dictionary<string, object> detail)
        {
            Dictionary<string, object> all = Maps.Child(detail, "modalities");
            if (all == null) return;
            foreach (KeyValuePair<string, object> one in all)
            {
                var about = one.Value as Dictionary<string, object>;
                string state = Maps.Text(about, "state");
                if (state.Length == 0 || state == "absent") continue;
                float quality = (float)Maps.Number(about, "quality", 0);
                string line = string.Format(CultureInfo.InvariantCulture, "{0}: {1}, quality {2:0%}, weight {3:0%}, {4:0.0} s old",
                    one.Key, state, quality, Maps.Number(about, "weight", 0), Maps.Number(about, "age", 0));
                EditorGUI.ProgressBar(EditorGUILayout.GetControlRect(), Mathf.Clamp01(quality), line);
                foreach (object reason in Maps.List(about, "reasons")) EditorGUILayout.LabelField("", reason as string ?? "");
            }
        }

        private static void All(AffectFrame frame)
        {
            for (int i = 0; frame != null && i < AffectNames.Count; i++)
                EditorGUILayout.LabelField(AffectNames.Of((AffectEntry)i), frame.Has((AffectEntry)i) ? Text(frame, (AffectEntry)i) : "unknown");
        }
    }
}
