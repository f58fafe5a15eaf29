using System;
using System.Collections.Generic;

namespace Sentio.Simulation
{
    /// <summary>What a sidecar reports beside states: responses to markers, startles, and changes of a
    /// dimension.</summary>
    /// <remarks>Reads no clock: time is passed to <see cref="Advance"/>.</remarks>
    internal sealed class SimulatedEvents
    {
        // Seconds after a marker.
        private const double First = 1.9;
        private const double Refined = 9.0;
        private const double Startled = 0.7;

        // Seconds that a sigh of relief follows falling stress.
        private const double Sighs = 2.0;

        // Smallest change of a level that is reported; seconds for which it must last; time constant in seconds of the
        // value that it is compared with.
        private const double Step = 0.3;
        private const double Lasting = 1.5;
        private const double ReferenceSeconds = 40.0;
        private const double Clear = 0.1;
        private const double Startles = 0.5;

        private static readonly AffectEntry[] Levels = { AffectEntry.ValenceLevel, AffectEntry.ArousalLevel, AffectEntry.StressLevel };
        private static readonly string[] Dimensions = { "valence", "arousal", "stress" };

        private readonly List<Marker> _markers = new List<Marker>();
        private readonly double[] _references = { double.NaN, double.NaN, double.NaN };
        private readonly double[] _lasted = new double[3];
        private readonly Action<string, string, double, Dictionary<string, object>> _raise;

        /// <summary>Calls <paramref name="raise"/> with kind, name, time and data of what is due.</summary>
        public SimulatedEvents(Action<string, string, double, Dictionary<string, object>> raise) { _raise = raise; }

        /// <summary>A marker to which the person reacts by steps of valence, arousal and stress.</summary>
        public void Mark(string name, double time, double valence, double arousal, double stress)
        {
            var steps = new[] { valence, arousal, stress };
            _markers.Add(new Marker { Name = name, Time = time, Due = time + First, Kind = "first_response", Steps = steps });
            _markers.Add(new Marker { Name = name, Time = time, Due = time + Refined, Kind = "response", Steps = steps });
            if (Size(steps) < Startles) return;
            _markers.Add(new Marker { Name = "startle", Time = time, Due = time + Startled, Kind = "expression", Steps = steps });
        }

        /// <summary>Advances by some seconds to a time; compares the levels of <paramref name="frame"/>.</summary>
        public void Advance(double seconds, double now, AffectFrame frame)
        {
            for (int i = 0; i < _markers.Count; i++)
            {
                Marker one = _markers[i];
                if (one.Due > now) continue;
                _markers.RemoveAt(i--);
                _raise(one.Kind, one.Name, one.Time, one.Kind == "expression" ? Expression(one) : Response(one));
            }
            for (int i = 0; i < Levels.Length; i++)
            {
                double level = frame.Value(Levels[i]);
                if (!double.IsNaN(level)) Compare(i, level, seconds, now);
            }
        }

        private void Compare(int i, double level, double seconds, double now)
        {
            if (double.IsNaN(_references[i])) _references[i] = level;
            double moved = level - _references[i];
            if (Math.Abs(moved) < Step)
            {
                _lasted[i] = 0;
                _references[i] += moved * (1 - Math.Exp(-seconds / ReferenceSeconds));
                return;
            }
            _lasted[i] += seconds;
            if (_lasted[i] < Lasting) return;
            var data = new Dictionary<string, object>
            {
                { "direction", moved > 0 ? "up" : "down" }, { "from", SimulatedReading.OfLevel(Levels[i], _references[i]) },
                { "to", SimulatedReading.OfLevel(Levels[i], level) }, { "probability", 0.95 }, { "found", now },
            };
            double began = now - _lasted[i];
            _references[i] = level;
            _lasted[i] = 0;
            _raise("change", Dimensions[i], began, data);
            if (Dimensions[i] != "stress" || moved > 0) return;
            var steps = new[] { 0.0, Startles, 0.0 };
            _markers.Add(new Marker { Name = "sigh", Time = now, Due = now + Sighs, Kind = "expression", Steps = steps });
        }

        private static double Size(double[] steps)
        {
            return Math.Max(Math.Abs(steps[0]), Math.Max(Math.Abs(steps[1]), Math.Abs(steps[2])));
        }

        private static Dictionary<string, object> Expression(Marker one)
        {
            double size = Math.Min(Size(one.Steps), 1);
            var data = new Dictionary<string, object>
            {
                { "strength", size }, { "probability", 0.6 + 0.35 * size }, { "found", one.Due },
            };
            if (one.Name == "startle") data["sources"] = new object[] { "face", "heart" };
            return data;
        }

        private static Dictionary<string, object> Response(Marker one)
        {
            double size = Size(one.Steps);
            var changes = new Dictionary<string, object>();
            for (int i = 0; i < Dimensions.Length; i++)
            {
                changes[Dimensions[i]] = new Dictionary<string, object>
                {
                    { "delta", one.Steps[i] }, { "effect", 6 * one.Steps[i] }, { "p", 0.01 }, { "reliability", 0.9 },
                };
            }
            return new Dictionary<string, object>
            {
                { "marker_time", one.Time }, { "detected", size >= Clear }, { "score", 6 * size },
                { "p", size >= Clear ? 0.01 : 0.5 },
                { "pattern", size >= Startles ? "startle" : size >= Clear ? "orienting" : "" },
                { "reliability", one.Kind == "response" ? 0.9 : 0.6 }, { "reasons", new object[0] }, { "changes", changes },
            };
        }

        private struct Marker
        {
            public string Name, Kind;
            public double Time, Due;
            public double[] Steps;
        }
    }
}
