using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using Sentio.Demos;
using UnityEngine;

namespace Sentio.Tests
{
    /// <summary>A night of the arena as a game: it can be won and lost, and has an arc of three minutes.</summary>
    [TestFixture]
    public class NightTests
    {
        private const int Calm = 0, Tense = 1;

        [TearDown]
        public void End() { Stage.Reset(); }

        [Test]
        public void TheWardenHoldsBackTheDawnUntilItFallsOrItsTimeIsOver()
        {
            foreach (bool falls in new[] { true, false })
            {
                var night = new Night();
                for (int watch = 1; watch < Night.Watches; watch++) night.Outlive();
                night.Guard();
                night.Outlive();
                night.Play(Night.WardenSeconds - 1);
                Assert.IsFalse(night.IsOver, "it stands");
                if (falls) night.Unguard();
                else night.Play(1.5f);
                Assert.IsTrue(night.IsOver, "the dawn that waited comes");
            }
            var early = new Night();
            early.Guard();
            early.Unguard();
            Assert.AreEqual(0, early.Kept, "a warden that falls before the peak is over keeps no watch");
        }

        [Test]
        public void ANightHasAnArcOfThreeMinutesAndACalmPlayerGetsMore()
        {
            var points = new int[2];
            foreach (int person in new[] { Calm, Tense })
            {
                var arena = new DemoRunner<Emberfield>();
                arena.Person.Scenario = SimulatedScenario.Sliders;
                arena.Person.Sliders.Arousal = person == Calm ? -0.8f : 0.8f;
                arena.Person.Reactions = null;
                var marked = new List<string>();
                var lines = new HashSet<string>();
                arena.Demo.Feed.Event += raised => marked.Add(raised.Name);
                var foes = new List<int>();
                int sparks = 0;
                // It cannot lose: then its course is one night.
                while (!arena.Demo.IsOver && foes.Count < 60 * 200)
                {
                    arena.Play(DemoRunner<Emberfield>.Step);
                    if (arena.Demo.Hero.Health < 2) arena.Demo.Hero.Heal();
                    foes.Add(arena.Demo.Horde.Foes.Count);
                    sparks = Mathf.Max(sparks, arena.Demo.Bursts.Count);
                    if (arena.Demo.Why.Shown) lines.Add(arena.Demo.Why.Line);
                }
                Assert.IsTrue(arena.Demo.Night.IsOver, "won");
                Assert.That(sparks, Is.InRange(14, Bursts.Most), "sparks of the shades");
                Assert.AreEqual(165, foes.Count / 60f, 25, "length of the night, seconds");
                Assert.Less(LongestWithout(foes) / 60f, 12, "seconds without a shade");
                Assert.Greater(foes.Skip(foes.Count - 2700).Average(), 1.2 * foes.Take(2700).Average(), "the last watch has more");
                foreach (string name in new[] { "enemy_down", "pickup", "pacing", "boss_spawned", "round_won" }) Assert.Contains(name, marked);
                Assert.AreEqual(Night.Watches, marked.Count(name => name == "watch_kept"));
                Assert.IsTrue(lines.Any(line => line.StartsWith("The shades: you seem " + (person == Calm ? "calm" : "stirred up"))), string.Join("; ", lines));
                points[person] = arena.Demo.Points;
                EndsWithItsCourse(arena);
            }
            Assert.Greater(points[Calm], 1.4 * points[Tense]);
        }

        [Test]
        public void AnIdlePlayerLoses()
        {
            var arena = new DemoRunner<Emberfield>();
            arena.Demo.Autoplay = false;
            arena.Play(60);
            Assert.AreEqual("The ember fades", arena.Demo.Gauges.Headline);
            Assert.IsFalse(arena.Demo.Night.IsOver, "no dawn");
        }

        [Test]
        public void TheCourseStatesHowPlayerAndGameWentTogether()
        {
            var results = new Results("Your night", "how much came at you");
            StringAssert.Contains("no signal", results.Verdict());
            foreach (int sign in new[] { 1, -1 })
            {
                var course = new Course();
                var person = new GameObject("Person").AddComponent<SentioSimulator>();
                person.Scenario = SimulatedScenario.Sliders;
                person.Realism = SimulatedRealism.Ideal;
                for (int i = 0; i < 60 * 60; i++)
                {
                    float swing = Mathf.Sin(i / 600f);
                    person.Sliders.Arousal = swing;
                    Stage.Frame(1f / 60);
                    course.Advance(1f / 60, person, 0.5f + 0.4f * sign * swing);
                }
                results.Show(course);
                Assert.Greater(sign * course.Agreement(), 0.6f);
                StringAssert.Contains(sign > 0 ? "together" : "calmer", results.Verdict());
                Stage.Reset();
            }
        }

        private static void EndsWithItsCourse(DemoRunner<Emberfield> arena)
        {
            Emberfield demo = arena.Demo;
            Assert.IsTrue(demo.Results.Visible);
            Assert.AreEqual("Day breaks", demo.Gauges.Headline);
            Assert.AreEqual(0, demo.Horde.Foes.Count, "the shades are gone");
            Assert.Less(demo.Course.Agreement(), 0.9f);
            var words = demo.Course.Events.Select(one => one.Value).ToList();
            foreach (string wanted in new[] { "watch 1 kept", "the warden", "watch 3 kept" }) Assert.Contains(wanted, words);
            ThePageFits(demo);
            arena.Play(DemoRunner<Emberfield>.Step);
            demo.Director.HoldValue(0.9f, "tester", 5);
            arena.Play(1);
            Assert.IsTrue(demo.Why.Shown, "something is reported after the night");
            Assert.IsEmpty(Sheet.Show(() => Stage.Call(demo.Why, "OnGUI")), "not over the page");
            arena.Press(KeyCode.Return);
            Assert.IsFalse(demo.Results.Visible || demo.IsOver);
            arena.Play(1);
            Assert.AreEqual(0, demo.Gauges.Watches, "a new night");
            Assert.IsTrue(demo.Why.ShowPanel);
            Assert.Greater(demo.Gauges.Best, demo.Gauges.Points);
        }

        private static void ThePageFits(Emberfield demo)
        {
            foreach (int[] display in new[] { new[] { 640, 480 }, new[] { 1280, 720 }, new[] { 1920, 1080 }, new[] { 3440, 1440 } })
            {
                Screen.Set(display[0], display[1], 96);
                foreach (Sheet.Item item in Sheet.Show(() => Stage.Call(demo, "OnGUI")))
                {
                    string what = item.Text + " at " + display[0] + " x " + display[1];
                    Assert.IsTrue(item.Place.x >= -1 && item.Place.y >= -1 && item.Place.xMax <= display[0] + 1 && item.Place.yMax <= display[1] + 1, what + " is cut");
                    if (item.Kind == "label") Assert.LessOrEqual(item.Needs, item.Place.height + 1, what + " needs more height");
                }
            }
            Screen.Set(1280, 720, 96);
        }

        private static int LongestWithout(List<int> foes)
        {
            int longest = 0, now = 0;
            foreach (int count in foes)
            {
                now = count == 0 ? now + 1 : 0;
                longest = System.Math.Max(longest, now);
            }
            return longest;
        }
    }
}
