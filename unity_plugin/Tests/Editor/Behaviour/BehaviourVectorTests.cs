using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using NUnit.Framework;
using Sentio.Behaviour;

namespace Sentio.Tests
{
    /// <summary>Behaviour classes against the vectors shared with GDScript, to 1e-6.</summary>
    [TestFixture]
    public class BehaviourVectorTests
    {
        private const double Tolerance = 1e-6;

        private delegate double[] Stepper(double[] x);

        private delegate Stepper Maker(Dictionary<string, string> settings);

        [Test]
        public void ResponseCurves()
        {
            Run("response_curve", s => { ResponseCurve it = CurveOf(s); return x => new[] { it.Step(x[0]) }; });
        }

        [Test]
        public void DeadBands()
        {
            Run("dead_band", s => { var it = new DeadBand(Number(s, "width")); return x => new[] { it.Step(x[0]) }; });
        }

        [Test]
        public void Smoothings()
        {
            Run("smoothing", s => { var it = new Smoothing(Number(s, "seconds")); return x => new[] { it.Step(x[0], x[1]) }; });
        }

        [Test]
        public void SlewLimits()
        {
            Run("slew_limit", s =>
            {
                var it = new SlewLimit(Number(s, "rise"), Number(s, "fall"));
                return x => new[] { it.Step(x[0], x[1]) };
            });
        }

        [Test]
        public void ConfidenceGates()
        {
            Run("confidence_gate", s => { ConfidenceGate it = GateOf(s); return x => new[] { it.Step(x[0], x[1], x[2]) }; });
        }

        [Test]
        public void Bindings()
        {
            Run("binding", s =>
            {
                var it = new BindingChain
                {
                    Gate = GateOf(s),
                    Band = new DeadBand(Number(s, "width")),
                    Curve = CurveOf(s),
                    Smoothing = new Smoothing(Number(s, "seconds")),
                    Slew = new SlewLimit(Number(s, "rise"), Number(s, "fall")),
                };
                return x => new[] { it.Step(x[0], x[1], x[2]) };
            });
        }

        [Test]
        public void Switches()
        {
            Run("switch", s =>
            {
                var it = new Switch
                {
                    On = Number(s, "on"),
                    Off = Number(s, "off"),
                    Dwell = Number(s, "dwell"),
                    CoolDown = Number(s, "cool_down"),
                };
                return x => new[] { it.Step(x[0], x[1]) ? 1.0 : 0.0 };
            });
        }

        [Test]
        public void Pids()
        {
            Run("pid", s =>
            {
                var it = new Pid
                {
                    Kp = Number(s, "kp"),
                    Ki = Number(s, "ki"),
                    Kd = Number(s, "kd"),
                    Low = Number(s, "low"),
                    High = Number(s, "high"),
                };
                return x => new[] { it.Step(x[0], x[1], x[2]) };
            });
        }

        [Test]
        public void Pacings()
        {
            Run("pacing", s =>
            {
                var it = new Pacing
                {
                    Share = Number(s, "share"),
                    Seconds = Number(s, "seconds"),
                    PeakAt = Number(s, "peak_at"),
                    CalmAt = Number(s, "calm_at"),
                    BuildUp = Number(s, "build_up"),
                    Peak = Number(s, "peak"),
                    Fade = Number(s, "fade"),
                    RelaxLeast = Number(s, "relax_least"),
                    RelaxMost = Number(s, "relax_most"),
                };
                return x =>
                {
                    if (x[4] == 1 || x[4] == 2) it.Frozen = x[4] == 1;
                    if (x[4] >= 10) it.Enter((PacingState)((int)x[4] - 10));
                    PacingState state = it.Step(x[0], x[1], x[2], x[3]);
                    return new[] { (double)(int)state, it.Intensity, it.Pressure };
                };
            });
        }

        [Test]
        public void Rails()
        {
            Run("rails", s =>
            {
                var it = new RailLimiter
                {
                    Low = Number(s, "low"),
                    High = Number(s, "high"),
                    Rise = Number(s, "rise"),
                    Fall = Number(s, "fall"),
                    Safe = Number(s, "safe"),
                    StopSeconds = Number(s, "stop_seconds"),
                    Session = Number(s, "session"),
                };
                return x =>
                {
                    if (x[2] == 1 || x[2] == 2) it.Frozen = x[2] == 1;
                    if (x[2] == 3) it.Stopped = true;
                    return new[] { it.Step(x[0], x[1]), (double)(int)it.Rail };
                };
            });
        }

        [Test]
        public void EntryConfidences()
        {
            Run("entry_confidence", s => x =>
            {
                double trust = EntryConfidence.Of(x[0], x[1], x[2] == 1, x[3]);
                return new[] { trust, EntryConfidence.Weight(trust) };
            });
        }

        [Test]
        public void FlashGuards()
        {
            Run("flash_guard", s => { var it = new FlashGuard(); return x => new[] { it.Step(x[0], x[1]) }; });
        }

        [Test]
        public void ColourGuards()
        {
            Run("colour_guard", s =>
            {
                var it = new ColourGuard();
                return x =>
                {
                    it.Step(x[0], x[1], x[2], x[3]);
                    return new[] { it.Red, it.Green, it.Blue };
                };
            });
        }

        [Test]
        public void BreathingPaces()
        {
            Run("breathing_pace", s =>
            {
                var it = new BreathingPace
                {
                    Inhale = Number(s, "inhale"),
                    Hold = Number(s, "hold"),
                    Exhale = Number(s, "exhale"),
                    Rest = Number(s, "rest"),
                    Start = Number(s, "start"),
                    Target = Number(s, "target"),
                    Ramp = Number(s, "ramp"),
                };
                return x =>
                {
                    it.Step(x[0]);
                    return new[] { it.Rate, it.Phase, it.Volume, (double)(int)it.Stage };
                };
            });
        }

        [Test]
        public void Coherences()
        {
            Run("coherence", s => { var it = new Coherence(Number(s, "window")); return x => new[] { it.Step(x[0], x[1], x[2]) }; });
        }

        [Test]
        public void InputCounters()
        {
            Run("input_counter", s =>
            {
                var it = new InputCounter { Period = Number(s, "period") };
                return x =>
                {
                    it.Step(x[0]);
                    if (x[1] == 1) it.CountKey();
                    else if (x[1] == 2) it.CountButton();
                    else if (x[1] == 3) it.CountPointer(x[2]);
                    else if (x[1] == 4) it.CountStick(x[2], x[3]);
                    else if (x[1] == 5) it.CountError();
                    return (double[])it.Row.Clone();
                };
            });
        }

        [Test]
        public void Expressions()
        {
            Run("expression", s =>
            {
                var it = new ExpressionBlend(3)
                {
                    Attack = Number(s, "attack"),
                    Release = Number(s, "release"),
                    Most = Number(s, "most"),
                };
                return x =>
                {
                    it.Step(x[0], new[] { x[1], x[2], x[3] });
                    return new[] { it[0], it[1], it[2] };
                };
            });
        }

        private static void Run(string kind, Maker make)
        {
            string path = Vectors.PathOf("behaviour/" + kind + ".txt");
            if (path == null) Assert.Ignore("tests/vectors is not beside this package");
            Stepper step = null;
            string name = "";
            int steps = 0;
            foreach (string line in File.ReadAllLines(path))
            {
                if (line.StartsWith("case ", StringComparison.Ordinal))
                {
                    var settings = new Dictionary<string, string>();
                    string[] parts = line.Split(' ');
                    name = parts[1];
                    for (int i = 2; i < parts.Length; i++) settings[parts[i].Split('=')[0]] = parts[i].Split('=')[1];
                    step = make(settings);
                    continue;
                }
                string[] sides = line.Split(new[] { " -> " }, StringSplitOptions.None);
                double[] got = step(Numbers(sides[0])), wanted = Numbers(sides[1]);
                Assert.AreEqual(wanted.Length, got.Length, kind);
                for (int i = 0; i < wanted.Length; i++)
                {
                    bool close = double.IsNaN(wanted[i]) ? double.IsNaN(got[i]) : Math.Abs(got[i] - wanted[i]) <= Tolerance || got[i] == wanted[i];
                    Assert.IsTrue(close, kind + " " + name + ": " + line + " gave " + got[i].ToString(CultureInfo.InvariantCulture));
                }
                steps++;
            }
            Assert.Greater(steps, 0, kind);
        }

        private static ResponseCurve CurveOf(Dictionary<string, string> settings)
        {
            string[] points = settings["points"].Split(';');
            var x = new double[points.Length];
            var y = new double[points.Length];
            for (int i = 0; i < points.Length; i++)
            {
                x[i] = Parse(points[i].Split(':')[0]);
                y[i] = Parse(points[i].Split(':')[1]);
            }
            return new ResponseCurve(x, y, Number(settings, "smooth") == 1);
        }

        private static ConfidenceGate GateOf(Dictionary<string, string> settings)
        {
            return new ConfidenceGate
            {
                Threshold = Number(settings, "threshold"),
                Hold = Number(settings, "hold"),
                Ease = Number(settings, "ease"),
                Neutral = Number(settings, "neutral"),
            };
        }

        private static double Number(Dictionary<string, string> settings, string name) { return Parse(settings[name]); }

        private static double[] Numbers(string text)
        {
            return Array.ConvertAll(text.Split(new[] { ' ' }, StringSplitOptions.RemoveEmptyEntries), Parse);
        }

        private static double Parse(string text)
        {
            if (text == "nan") return double.NaN;
            if (text == "inf") return double.PositiveInfinity;
            if (text == "-inf") return double.NegativeInfinity;
            return double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
        }
    }
}
