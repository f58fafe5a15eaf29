using System;
using System.Collections.Generic;
using System.Globalization;

namespace Sentio.Simulation
{
    /// <summary>Builds the detail map of a simulated person (PROTOCOL.md, section 5).</summary>
    internal static class SimulatedDetail
    {
        private static readonly string[] States = { "ok", "warming", "stale", "no_subject", "withdrawn" };
        private static readonly string[] Modalities = { "face", "voice", "body", "eeg", "text", "headset", "game", "self" };

        /// <summary>The detail of a frame, made from a reading of a person.</summary>
        public static Dictionary<string, object> Build(AffectFrame frame, SimulatedReading reading, SimulatedPerson person)
        {
            bool inView = frame.State != AffectState.Withdrawn && frame.State != AffectState.NoSubject;
            var known = new Dictionary<string, object>();
            for (int i = 0; i < AffectNames.Count; i++)
                if (frame.Has((AffectEntry)i)) known[AffectNames.Of((AffectEntry)i)] = (double)frame.Value((AffectEntry)i);
            return new Dictionary<string, object>
            {
                { "v", Wire.Version }, { "epoch", frame.Epoch }, { "seq", frame.Seq }, { "sent", frame.Sent },
                { "state", States[(int)frame.State] }, { "why", Why(frame) }, { "values", known },
                { "emotions", Leading(frame) },
                { "action_units", inView ? SimulatedFace.Units(person, reading) : new Dictionary<string, object>() },
                { "modalities", ModalitiesOf(frame, reading) },
                { "sensors", new Dictionary<string, object>() },
                {
                    "calibration", new Dictionary<string, object>
                    {
                        { "state", "none" }, { "progress", 0.0 }, { "kind", "" }, { "reasons", new object[0] }, { "profile", "" },
                    }
                },
                {
                    "recording", new Dictionary<string, object>
                    {
                        { "active", false }, { "folder", "" }, { "raw", new object[0] }, { "seconds", 0.0 }, { "dropped", 0L },
                    }
                },
                { "frozen", false }, { "overrides", new Dictionary<string, object>() },
            };
        }

        private static string Why(AffectFrame frame)
        {
            switch (frame.State)
            {
                case AffectState.Withdrawn: return "consent was withdrawn; nothing is captured";
                case AffectState.NoSubject: return "no subject is present";
                case AffectState.Warming: return "getting to know you";
                case AffectState.Stale: return "no fresh evidence; the estimate fades";
            }
            var parts = new List<string>();
            double beats = frame.Value(AffectEntry.HeartRate) - Scenario.Resting(Level.HeartRate);
            if (Math.Abs(beats) >= 4)
                parts.Add(string.Format(CultureInfo.InvariantCulture, "heart rate {0:+0;-0} {1} your baseline", beats, beats > 0 ? "over" : "under"));
            float valence = frame.Value(AffectEntry.Valence, 0f), breath = frame.Value(AffectEntry.BreathingRate, 12f);
            if (Math.Abs(valence) > 0.3f) parts.Add(valence > 0 ? "smiling more" : "mouth corners down");
            if (breath < 8) parts.Add("breathing slower");
            else if (breath > 16) parts.Add("breathing faster");
            return "simulated: " + (parts.Count > 0 ? string.Join(", ", parts.ToArray()) : "as usual");
        }

        private static object[] Leading(AffectFrame frame)
        {
            int first = -1, second = -1;
            for (int i = 0; i < 8; i++)
            {
                AffectEntry entry = AffectEntry.PNeutral + i;
                if (!frame.Has(entry)) continue;
                if (first < 0 || frame.Value(entry) > frame.Value(AffectEntry.PNeutral + first))
                {
                    second = first;
                    first = i;
                }
                else if (second < 0 || frame.Value(entry) > frame.Value(AffectEntry.PNeutral + second)) second = i;
            }
            if (first < 0) return new object[0];
            return second < 0 ? new object[] { Pair(frame, first) } : new object[] { Pair(frame, first), Pair(frame, second) };
        }

        private static object[] Pair(AffectFrame frame, int emotion)
        {
            AffectEntry entry = AffectEntry.PNeutral + emotion;
            return new object[] { AffectNames.Of(entry).Substring(2), (double)frame.Value(entry) };
        }

        private static Dictionary<string, object> ModalitiesOf(AffectFrame frame, SimulatedReading reading)
        {
            var all = new Dictionary<string, object>();
            for (int i = 0; i < Modalities.Length; i++)
            {
                double quality = i < reading.Quality.Length ? reading.Quality[i] : 0;
                bool gap = quality > 0 && !reading.Sensors.Measures(i);
                string state = frame.State == AffectState.Withdrawn ? "withdrawn" : quality <= 0 ? "absent" : gap ? "gap"
                    : quality < 0.25 ? "bad_quality" : States[(int)frame.State];
                object[] reasons = gap ? new object[] { "no signal now" } : quality <= 0 ? new object[] { "not simulated" }
                    : quality < 0.25 ? new object[] { "weak signal" } : new object[0];
                all[Modalities[i]] = new Dictionary<string, object>
                {
                    { "state", state }, { "weight", i < reading.Quality.Length ? reading.Weight(i) : 0.0 }, { "quality", quality },
                    { "age", quality > 0 ? reading.Sensors.Age(i) : 0.0 }, { "reasons", reasons }, { "model", "simulator" },
                    { "fix", i < reading.Quality.Length ? "raise its quality in the inspector" : "" },
                };
            }
            return all;
        }
    }
}
