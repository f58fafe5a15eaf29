using System;
using System.Collections.Generic;
using NUnit.Framework;
using Sentio.Demos;
using UnityEngine;

namespace Sentio.Tests
{
    /// <summary>Each demo differs from the one with adaptation off, and follows the arousal that the simulated person
    /// really has, with the confidence of real sensors.</summary>
    [TestFixture]
    public class FollowTests
    {
        private const float Seconds = 150, Swing = 75;
        // Smallest difference that counts, in how many of the frames, and the smallest correlation.
        private const float Difference = 0.05f, Share = 0.5f, Follows = 0.5f;
        // The person of the recording: rest, then stress (the sidecar's scenario "demo").
        private const float RestSeconds = 40, Blend = 6, Rest = -0.5f, Stress = 0.8f;

        [TearDown]
        public void End() { Stage.Reset(); }

        [Test]
        public void EmberfieldFollowsThePerson() { Simulated<Emberfield>(one => one.Director.Demand, -1); }

        [Test]
        public void TheLedgeFollowsThePerson() { Simulated<Ledge>(one => one.Demand, -1); }

        [Test]
        public void TheCorridorFollowsThePerson() { Simulated<NightCorridor>(one => one.Demand, -1); }

        [Test]
        public void TheCompanionFollowsThePerson() { Simulated<Companion>(one => one.Place.y, 1); }

        [Test]
        public void EmberfieldFollowsARecording() { Recorded<Emberfield>(one => one.Director.Demand, -1); }

        [Test]
        public void TheLedgeFollowsARecording() { Recorded<Ledge>(one => one.Demand, -1); }

        [Test]
        public void TheCorridorFollowsARecording() { Recorded<NightCorridor>(one => one.Demand, -1); }

        [Test]
        public void TheCompanionFollowsARecording() { Recorded<Companion>(one => one.Place.y, 1); }

        private static void Simulated<T>(Func<T, float> demand, int sign) where T : Demo
        {
            Compare(demand, sign, runner =>
            {
                runner.Person.Scenario = SimulatedScenario.Sliders;
                runner.Person.Reactions = null;
                float time = 0;
                return () =>
                {
                    float swing = Mathf.Sin(2 * Mathf.PI * time / Swing);
                    time += DemoRunner<T>.Step;
                    runner.Person.Sliders.Arousal = 0.9f * swing;
                    runner.Person.Sliders.Valence = -0.3f * swing;
                    runner.Person.Sliders.Stress = 0.5f + 0.45f * swing;
                    return swing;
                };
            });
        }

        private static void Recorded<T>(Func<T, float> demand, int sign) where T : Demo
        {
            Compare(demand, sign, runner =>
            {
                SentioPlayer player = runner.Recorded();
                return () => Mathf.SmoothStep(Rest, Stress, ((float)player.Position - RestSeconds) / Blend);
            });
        }

        // Two separate plays: their pacing and timers drift apart, as they do for players.
        private static void Compare<T>(Func<T, float> demand, int sign, Func<DemoRunner<T>, Func<float>> begin) where T : Demo
        {
            var truth = new List<float>();
            List<float> given = Play(demand, true, begin, truth), usual = Play(demand, false, begin, new List<float>());
            int different = 0;
            for (int i = 0; i < given.Count; i++) if (Math.Abs(given[i] - usual[i]) >= Difference) different++;
            float share = (float)different / given.Count, r = Correlation(given, truth);
            Console.WriteLine("{0}: share {1:0.00}, r {2:0.00}", typeof(T).Name, share, r);
            Assert.GreaterOrEqual(share, Share);
            Assert.Greater(sign * r, Follows);
        }

        private static List<float> Play<T>(Func<T, float> demand, bool adaptation, Func<DemoRunner<T>, Func<float>> begin, List<float> truth) where T : Demo
        {
            var runner = new DemoRunner<T>();
            runner.Demo.Adaptation = adaptation;
            Func<float> arousal = begin(runner);
            return runner.Play(Seconds, one =>
            {
                truth.Add(arousal());
                return demand(one);
            });
        }

        private static float Correlation(List<float> xs, List<float> ys)
        {
            double x = 0, y = 0, xx = 0, yy = 0, xy = 0;
            int n = xs.Count;
            for (int i = 0; i < n; i++)
            {
                x += xs[i];
                y += ys[i];
                xx += xs[i] * (double)xs[i];
                yy += ys[i] * (double)ys[i];
                xy += xs[i] * (double)ys[i];
            }
            return (float)((n * xy - x * y) / Math.Sqrt((n * xx - x * x) * (n * yy - y * y)));
        }
    }
}
