"""What the methods of this software go back to: key -> reference, for the method part of a report (``report.method``)."""

from __future__ import annotations

REFERENCES: dict[str, str] = {
    "abbeel2004": "Abbeel, P. and Ng, A. Y. (2004). Apprenticeship learning via inverse reinforcement learning. "
                  "Proceedings of the 21st International Conference on Machine Learning.",
    "aguirregabiria2002": "Aguirregabiria, V. and Mira, P. (2002). Swapping the nested fixed point algorithm: A class of estimators for "
                          "discrete Markov decision models. Econometrica 70, 1519-1543.",
    "baker2009": "Baker, C. L., Saxe, R. and Tenenbaum, J. B. (2009). Action understanding as inverse planning. "
                 "Cognition 113, 329-349.",
    "bates2023": "Bates, S., Cand\u00e8s, E., Lei, L., Romano, Y. and Sesia, M. (2023). Testing for outliers with conformal "
                 "p-values. Annals of Statistics 51, 149-178.",
    "bell2002": "Bell, R. M. and McCaffrey, D. F. (2002). Bias reduction in standard errors for linear regression "
                "with multi-stage samples. Survey Methodology 28, 169-181.",
    "bengio2004": "Bengio, Y. and Grandvalet, Y. (2004). No unbiased estimator of the variance of k-fold "
                  "cross-validation. Journal of Machine Learning Research 5, 1089-1105.",
    "benjamini1995": "Benjamini, Y. and Hochberg, Y. (1995). Controlling the false discovery rate: a practical and "
                     "powerful approach to multiple testing. Journal of the Royal Statistical Society B 57, 289-300.",
    "bongiorno2021": "Bongiorno, C., Zhou, Y., Kryven, M., Theurel, D., Rizzo, A., Santi, P., Tenenbaum, J. and Ratti, C. (2021). "
                     "Vector-based pedestrian navigation in cities. Nature Computational Science 1, 678-685.",
    "fosgerau2013": "Fosgerau, M., Frejinger, E. and Karlstr\u00f6m, A. (2013). A link based network route choice model with "
                    "unrestricted choice set. Transportation Research B 56, 70-80.",
    "gervini2002": "Gervini, D. and Yohai, V. J. (2002). A class of robust and fully efficient regression estimators. "
                   "Annals of Statistics 30, 583-616.",
    "hartigan1975": "Hartigan, J. A. (1975). Clustering Algorithms. Wiley.",
    "huber1967": "Huber, P. J. (1967). The behavior of maximum likelihood estimates under nonstandard conditions. "
                 "Proceedings of the Fifth Berkeley Symposium on Mathematical Statistics and Probability 1, 221-233.",
    "liang1986": "Liang, K.-Y. and Zeger, S. L. (1986). Longitudinal data analysis using generalized linear models. "
                 "Biometrika 73, 13-22.",
    "louis1982": "Louis, T. A. (1982). Finding the observed information matrix when using the EM algorithm. Journal of "
                 "the Royal Statistical Society B 44, 226-233.",
    "marandon2024": "Marandon, A., Lei, L., Mary, D. and Roquain, E. (2024). Adaptive novelty detection with false discovery rate "
                    "guarantee. Annals of Statistics 52, 157-183.",
    "mcfadden1974": "McFadden, D. (1974). Conditional logit analysis of qualitative choice behavior. In Zarembka, P. (ed.), "
                    "Frontiers in Econometrics, 105-142. Academic Press.",
    "neykov2003": "Neykov, N. and M\u00fcller, C. (2003). Breakdown point and computation of trimmed likelihood estimators in "
                  "generalized linear models. In Developments in Robust Statistics, 277-286.",
    "neyman1959": "Neyman, J. (1959). Optimal asymptotic tests of composite statistical hypotheses. In Probability and "
                  "Statistics: The Harald Cram\u00e9r Volume, 213-234.",
    "ng1999": "Ng, A. Y., Harada, D. and Russell, S. (1999). Policy invariance under reward transformations: theory and application to "
              "reward shaping. Proceedings of the 16th International Conference on Machine Learning, 278-287.",
    "ng2000": "Ng, A. Y. and Russell, S. (2000). Algorithms for inverse reinforcement learning. Proceedings of the "
              "17th International Conference on Machine Learning, 663-670.",
    "pickands1975": "Pickands, J. (1975). Statistical inference using extreme order statistics. The Annals of Statistics 3, 119-131.",
    "ramachandran2007": "Ramachandran, D. and Amir, E. (2007). Bayesian inverse reinforcement learning. Proceedings of the "
                        "20th International Joint Conference on Artificial Intelligence, 2586-2591.",
    "rao1948": "Rao, C. R. (1948). Large sample tests of statistical hypotheses concerning several parameters with "
               "applications to problems of estimation. Mathematical Proceedings of the Cambridge Philosophical "
               "Society 44, 50-57.",
    "rodriguez2014": "Rodriguez, A. and Laio, A. (2014). Clustering by fast search and find of density peaks. "
                     "Science 344, 1492-1496.",
    "rust1987": "Rust, J. (1987). Optimal replacement of GMC bus engines: an empirical model of Harold Zurcher. "
                "Econometrica 55, 999-1033.",
    "satterthwaite1946": "Satterthwaite, F. E. (1946). An approximate distribution of estimates of variance components. "
                         "Biometrics Bulletin 2, 110-114.",
    "singliar2012": "Singliar, T. and Margineantu, D. (2012). Scalable inverse reinforcement learning via instructed "
                    "feature construction. Workshops at the Twenty-Sixth AAAI Conference on Artificial Intelligence.",
    "stone1974": "Stone, M. (1974). Cross-validatory choice and assessment of statistical predictions. Journal of the "
                 "Royal Statistical Society B 36, 111-147.",
    "storey2002": "Storey, J. D. (2002). A direct approach to false discovery rates. Journal of the Royal Statistical Society B 64, "
                  "479-498.",
    "tibshirani2019": "Tibshirani, R. J., Barber, R. F., Cand\u00e8s, E. and Ramdas, A. (2019). Conformal prediction under covariate "
                      "shift. Advances in Neural Information Processing Systems 32.",
    "vovk2005": "Vovk, V., Gammerman, A. and Shafer, G. (2005). Algorithmic Learning in a Random World. Springer.",
    "vovk2015": "Vovk, V. (2015). Cross-conformal predictors. Annals of Mathematics and Artificial Intelligence 74, 9-28.",
    "vovk2020": "Vovk, V. and Wang, R. (2020). Combining p-values via averaging. Biometrika 107, 791-808.",
    "vovk2021": "Vovk, V. and Wang, R. (2021). E-values: calibration, combination and applications. The Annals of "
                "Statistics 49, 1736-1754.",
    "white1982": "White, H. (1982). Maximum likelihood estimation of misspecified models. Econometrica 50, 1-25.",
    "wulfmeier2024": "Wulfmeier, M., Bloesch, M., Vieillard, N. et al. (2024). Imitating language via scalable inverse "
                     "reinforcement learning. Advances in Neural Information Processing Systems 37.",
    "ziebart2010": "Ziebart, B. D. (2010). Modeling Purposeful Adaptive Behavior with the Principle of Maximum Causal "
                   "Entropy. PhD thesis, Carnegie Mellon University.",
}
