using System;
using NUnit.Framework;
using Sentio.Behaviour;

namespace Sentio.Tests
{
    /// <summary>Invariants for any input: finite output, limits, no allocation.</summary>
    [TestFixture]
    public class BehaviourTests
    {
        private static readonly double[] Hostile =
        {
            double.NaN, double.PositiveInfinity, double.NegativeInfinity, 0, -1, 1e12, -1e12, 0.5, 1, 1e-12,
        };

        private Random _random;

        [SetUp]
        public void SetUp() { _random = new Random(7); }

        [Test]
        public void OutputIsNeverNaN()
        {
            var chain = new BindingChain();
            var rails = new RailLimiter { Rise = double.PositiveInfinity, Fall = double.PositiveInfinity };
            var pid = new Pid { Ki = 0.5, Kd = 0.1 };
            var pacing = new Pacing();
            var guard = new FlashGuard();
            var pace = new BreathingPace();
            var face = new ExpressionBlend(1);
            var wanted = new double[1];
            for (int i = 0; i < 50000; i++)
            {
                double dt = Any(), x = Any(), y = Any();
                wanted[0] = x;
                face.Step(dt, wanted);
                pacing.Step(dt, x, y, Any());
                double sum = chain.Step(dt, x, y) + rails.Step(dt, x) + pid.Step(dt, x, 0.5) + pacing.Pressure
                    + guard.Step(dt, x) + pace.Step(dt) + face[0];
                Assert.IsTrue(Elapsed.IsFinite(sum), "step " + i + ": " + dt + " " + x + " " + y);
            }
        }

        [Test]
        public void RailsHoldForAnyInput()
        {
            var rails = new RailLimiter { Low = -0.2, High = 0.9, Rise = 0.25, Fall = 0.5 };
            double before = rails.Step(0, 0);
            for (int i = 0; i < 50000; i++)
            {
                double dt = Any(), now = rails.Step(dt, Any()), time = Elapsed.Of(dt);
                Assert.That(now, Is.InRange(-0.2, 0.9));
                Assert.That(now - before, Is.InRange(-0.5 * time - 1e-12, 0.25 * time + 1e-12));
                before = now;
            }
        }

        [Test]
        public void NeverMoreThanThreeFlashesInASecond([Values(5, 12, 24, 60)] int hertz)
        {
            var guard = new FlashGuard();
            var turns = new double[6];
            int count = 0, direction = 0;
            double now = 0, extreme = double.NaN;
            for (int i = 0; i < 20000; i++)
            {
                double dt = 0.5 / hertz * (0.5 + _random.NextDouble());
                now += dt;
                double x = guard.Step(dt, i % 2 == 0 ? 0.6 * _random.NextDouble() : 1.0 - 0.5 * _random.NextDouble());
                if (double.IsNaN(extreme)) extreme = x;
                int way = Math.Sign(x - extreme);
                if (way == direction) extreme = x;
                if (way == direction || Math.Abs(x - extreme) < 0.1 || Math.Min(x, extreme) >= 0.8) continue;
                // The sixth change before this one must be a second old.
                if (count >= 6) Assert.That(now - turns[count % 6], Is.GreaterThanOrEqualTo(1.0 - 1e-9));
                turns[count++ % 6] = now;
                direction = way;
                extreme = x;
            }
            Assert.Greater(count, 6);
        }

        [Test]
        public void ASafeStopEndsAtTheSafeValueInTime()
        {
            var rails = new RailLimiter { Safe = 0.2 };
            for (int i = 0; i < 100; i++) rails.Step(0.02, 1.0);
            rails.Stopped = true;
            for (int i = 0; i < 101; i++) rails.Step(0.02, 1.0);
            Assert.AreEqual(0.2, rails.Value, 1e-9);
            Assert.AreEqual(Rail.SafeStop, rails.Rail);
        }

        [Test]
        public void APausedGameDoesNotJump()
        {
            var slew = new SlewLimit(0.5, 0.5);
            slew.Step(0.02, 0.0);
            Assert.AreEqual(0.5, slew.Step(3600.0, 1.0), 1e-12);
            Assert.AreEqual(0.5, slew.Step(-1.0, 1.0), 1e-12);
        }

        [Test]
        public void ACurveNeedsPoints()
        {
            Assert.Throws<ArgumentException>(() => new ResponseCurve(new double[0], new double[0], false));
            Assert.Throws<ArgumentException>(() => new ResponseCurve(new[] { 1.0 }, new[] { 1.0, 2.0 }, false));
        }

        [Test]
        public void NothingIsAllocatedPerStep()
        {
            var chain = new BindingChain();
            var rails = new RailLimiter();
            var pacing = new Pacing();
            var guard = new FlashGuard();
            var colour = new ColourGuard();
            var pace = new BreathingPace();
            var coherence = new Coherence(40);
            int before = 0;
            for (int i = 0; i < 400000; i++)
            {
                if (i == 1000)
                {
                    GC.Collect();
                    before = GC.CollectionCount(0);
                }
                double x = (i & 255) / 255.0;
                rails.Step(0.016, chain.Step(0.016, x, 0.8));
                pacing.Step(0.016, x, 0.8, 0.5);
                guard.Step(0.016, x);
                colour.Step(0.016, x, 1 - x, 0);
                pace.Step(0.016);
                if ((i & 15) == 0) coherence.Step(0.256, pace.Phase, 60 + x);
            }
            Assert.AreEqual(before, GC.CollectionCount(0), "collections in 400,000 steps");
        }

        private double Any()
        {
            return _random.Next(3) == 0 ? Hostile[_random.Next(Hostile.Length)] : _random.NextDouble();
        }
    }
}
