using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Sentio
{
    /// <summary>Text of the developer overlay, line by line; also for your own overlay.</summary>
    public sealed class HudText
    {
        private readonly StringBuilder _line = new StringBuilder();

        /// <summary>The link state.</summary>
        public string Link { get; private set; } = "off";

        /// <summary>The reason for the link state.</summary>
        public string Reason { get; private set; } = "no feed";

        /// <summary>Known values of heart, breathing and skin.</summary>
        public string Body { get; private set; } = "body unknown";

        /// <summary>The two most probable emotions.</summary>
        public string Emotions { get; private set; } = "";

        /// <summary>The sidecar's explanation of the estimate.</summary>
        public string Why { get; private set; } = "";

        /// <summary>Subject, sequence number and age.</summary>
        public string Times { get; private set; } = "no state received";

        /// <summary>Captured sensors, and whether they are recorded.</summary>
        public string Capture { get; private set; } = "";

        /// <summary>One line for each present modality: name, state, weight, quality and reason.</summary>
        public IList<string> Modalities { get { return _modalities; } }

        private readonly List<string> _modalities = new List<string>();

        /// <summary>Reads a feed; null for none.</summary>
        public void Read(SentioFeed feed)
        {
            Link = feed ? feed.Link.ToString().ToLowerInvariant() : "off";
            Reason = feed ? feed.LinkReason : "no feed";
            // The last state of a lost link is not shown.
            AffectFrame frame = feed && feed.Link == LinkState.Live ? feed.Latest : null;
            Dictionary<string, object> detail = feed && frame != null ? feed.LatestDetail : null;
            Body = BodyOf(frame);
            Times = TimesOf(feed, frame);
            Why = Maps.Text(detail, "why");
            Emotions = EmotionsOf(detail);
            Capture = CaptureOf(detail);
            _modalities.Clear();
            Dictionary<string, object> all = Maps.Child(detail, "modalities");
            if (all != null) foreach (KeyValuePair<string, object> one in all) Add(one.Key, one.Value as Dictionary<string, object>);
        }

        private void Add(string name, Dictionary<string, object> about)
        {
            string state = Maps.Text(about, "state");
            if (state.Length == 0 || state == "absent") return;
            _line.Length = 0;
            _line.Append(name).Append(": ").Append(state);
            _line.AppendFormat(CultureInfo.InvariantCulture, ", weight {0:0%}, quality {1:0%}",
                Maps.Number(about, "weight", 0), Maps.Number(about, "quality", 0));
            foreach (object reason in Maps.List(about, "reasons")) _line.Append(", ").Append(reason);
            _modalities.Add(_line.ToString());
        }

        private string BodyOf(AffectFrame frame)
        {
            _line.Length = 0;
            Append(frame, AffectEntry.HeartRate, "heart {0:0} /min");
            Append(frame, AffectEntry.BreathingRate, "breath {0:0} /min");
            Append(frame, AffectEntry.Rmssd, "RMSSD {0:0} ms");
            Append(frame, AffectEntry.Scl, "skin {0:0.0} µS");
            return _line.Length > 0 ? _line.ToString() : "body unknown";
        }

        private string TimesOf(SentioFeed feed, AffectFrame frame)
        {
            if (frame == null) return "no state received";
            _line.Length = 0;
            _line.Append(frame.Subject).Append("  #").Append(frame.Seq).Append("   ").Append(frame.State.ToString().ToLowerInvariant());
            if (!double.IsNaN(frame.Captured)) Milliseconds("sensor to sent", frame.Sent - frame.Captured);
            var client = feed as SentioClient;
            if (client && !double.IsNaN(client.Latency)) Milliseconds("to here", client.Latency);
            if (!double.IsInfinity(feed.Age)) Milliseconds("age", feed.Age);
            return _line.ToString();
        }

        private static string EmotionsOf(Dictionary<string, object> detail)
        {
            var parts = new List<string>();
            foreach (object one in Maps.List(detail, "emotions"))
            {
                var pair = new List<object>(one as IEnumerable<object> ?? new object[0]);
                if (pair.Count == 2 && pair[1] is double)
                    parts.Add(string.Format(CultureInfo.InvariantCulture, "{0} {1:0%}", pair[0], pair[1]));
            }
            return string.Join("   ", parts.ToArray());
        }

        private static string CaptureOf(Dictionary<string, object> detail)
        {
            var on = new List<string>();
            Dictionary<string, object> sensors = Maps.Child(detail, "sensors");
            if (sensors != null)
                foreach (KeyValuePair<string, object> one in sensors)
                    if (Maps.Text(one.Value as Dictionary<string, object>, "state") == "on") on.Add(Captured(one.Key, detail));
            Dictionary<string, object> recording = Maps.Child(detail, "recording");
            string kept = Maps.Flag(recording, "active") ? "   recording" : "", lacking = WithoutRecord(recording);
            if (lacking.Length > 0) kept += "; " + lacking;
            return (on.Count > 0 ? "captured: " + string.Join("; ", on.ToArray()) : "") + kept;
        }

        /// <summary>One line about a captured sensor: for which purposes, for how long, and whether it is
        /// recorded.</summary>
        public static string Captured(string sensor, Dictionary<string, object> detail)
        {
            Dictionary<string, object> about = Maps.Child(Maps.Child(detail, "sensors"), sensor);
            var line = new StringBuilder(sensor);
            string join = " for ";
            foreach (object purpose in Maps.List(about, "consent"))
            {
                line.Append(join).Append(purpose);
                join = ", ";
            }
            double since = Maps.Number(about, "since", -1);
            int seconds = (int)Math.Max(0, Maps.Number(detail, "sent", since) - since);
            if (since >= 0) line.AppendFormat(CultureInfo.InvariantCulture, ", {0}:{1:00}", seconds / 60, seconds % 60);
            string how = Maps.Text(Maps.Child(Maps.Child(detail, "recording"), "sensors"), sensor);
            if (how.Length > 0) line.Append(", recorded (").Append(how).Append(')');
            return line.ToString();
        }

        /// <summary>One line about the sensors for which a recording, of a detail or a reply, has no estimates of the
        /// person: they are in use without the purpose record. Empty if there are none.</summary>
        public static string WithoutRecord(Dictionary<string, object> recording)
        {
            List<string> sensors = LackingSensors(recording);
            if (sensors.Count == 0) return "";
            return "no estimates recorded: " + string.Join(", ", sensors.ToArray()) + " without the purpose record";
        }

        /// <summary>The sensors in use that lack the purpose record while a recording is running.</summary>
        public static List<string> LackingSensors(Dictionary<string, object> recording)
        {
            var found = new List<string>();
            if (!Maps.Flag(recording, "active")) return found;
            Dictionary<string, object> subjects = Maps.Child(recording, "without_record");
            if (subjects == null) return found;
            foreach (string subject in subjects.Keys)
            {
                Dictionary<string, object> sensors = Maps.Child(subjects, subject);
                if (sensors == null) continue;
                foreach (string sensor in sensors.Keys) if (!found.Contains(sensor)) found.Add(sensor);
            }
            return found;
        }

        private void Append(AffectFrame frame, AffectEntry entry, string format)
        {
            if (frame == null || !frame.Has(entry)) return;
            if (_line.Length > 0) _line.Append("   ");
            _line.AppendFormat(CultureInfo.InvariantCulture, format, frame.Value(entry));
        }

        private void Milliseconds(string what, double seconds)
        {
            _line.AppendFormat(CultureInfo.InvariantCulture, "   {0} {1:0} ms", what, Math.Max(1000 * seconds, 0));
        }
    }
}
